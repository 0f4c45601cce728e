"""Files as other people write them: networks, and what is no network at all."""

HEAD = "import torch\nfrom torch import nn\nfrom torch.nn import functional as F\n\n\n"

LENET = (
    HEAD
    + """class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), (2, 2))
        x = F.max_pool2d(torch.relu(self.conv2(x)), 2)
        x = x.view(x.size(0), -1)
        x = self.fc2(F.relu(self.fc1(x))).relu()
        return F.log_softmax(self.fc3(F.dropout(x, 0.2, self.training)), dim=1)
"""
)
LENET_LAYERS = (
    "conv2d relu max_pool2d conv2d relu max_pool2d flatten "
    "linear relu linear relu dropout linear log_softmax"
)

RESNET = (
    HEAD
    + """class Block(nn.Module):
    def __init__(self, width, wanted, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(width, wanted, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(wanted)
        self.conv2 = nn.Conv2d(wanted, wanted, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(wanted)
        self.relu = nn.ReLU(inplace=True)
        self.shortcut = nn.Sequential()
        if stride != 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(width, wanted, 1, stride, bias=False), nn.BatchNorm2d(wanted)
            )

    def forward(self, x):
        y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        y += self.shortcut(x)
        return self.relu(y)


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 1, 1, bias=False)
        self.stage = nn.Sequential(Block(8, 8), Block(8, 16, 2))
        self.pool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(16, 10)

    def forward(self, x):
        return self.fc(torch.flatten(self.pool(self.stage(self.stem(x))), 1))
"""
)

LSTM = (
    HEAD
    + """class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(50, 8, padding_idx=0)
        self.lstm = nn.LSTM(8, 12, num_layers=2, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(24, 4)

    def forward(self, tokens):
        _steps, (hidden, _cell) = self.lstm(self.embedding(tokens))
        return self.fc(torch.cat((hidden[-2], hidden[-1]), dim=1))
"""
)

GRU = (
    HEAD
    + """class Forecast(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(6, 10, batch_first=True)
        self.fc = nn.Linear(20, 1)

    def forward(self, x):
        steps, _last = self.gru(x, torch.zeros(1, x.size(0), 10))
        return self.fc(torch.cat([steps[:, -1, :], steps.mean(dim=1)], dim=1))
"""
)

TRANSFORMER = (
    HEAD
    + """class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.places = nn.Parameter(torch.randn(1, 16, 8))
        layer = nn.TransformerEncoderLayer(8, 2, 12, batch_first=True, activation="gelu")
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.norm = nn.LayerNorm(8)
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        x = self.encoder(self.norm(x) + self.places)
        looked, _weights = self.attention(x, x, x)
        return self.fc((x + looked)[:, 0])
"""
)

UNKNOWN = (
    HEAD
    + """class Odd(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(8, 8)
        self.last = nn.Linear(8, 2)

    def forward(self, x):
        y = self.first(x)
        z = torch.fft.fft(y).real
        return self.last(z * torch.exp(-y) / (1 + y.abs()))
"""
)

ASKS_NUMBERS = (
    HEAD
    + """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(8, 4)

    def forward(self, x):
        if x.sum() > 0:
            x = -x
        return self.first(x)
"""
)

NEEDS_WIDTH = (
    HEAD
    + """class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.first = nn.Linear(width, 2)

    def forward(self, x):
        return self.first(x)
"""
)

TWO = LENET + UNKNOWN.removeprefix(HEAD)

CUTS = (
    HEAD
    + """class Cuts(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(4, 6, 3)
        self.gru = nn.GRU(6, 5, batch_first=True)

    def forward(self, x):
        y = self.conv(x)[..., :-2] + self.conv(x)[:, :, 1:-1]
        steps, _memory = self.gru(y.transpose(1, 2)[:, 2:][:, -6:-1:2])
        return steps[:, -2] + steps.mean(1) + steps[:, 0]
"""
)

NESTED = (
    HEAD
    + """class Nested(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(5, 8)
        self.fc = nn.Linear(8, 2)

    def forward(self, given, is_loud, *, past):
        words, (numbers,) = given["words"], given["numbers"]
        mixed = self.embedding(words).mean(1) + numbers + past
        return {"answer": self.fc(mixed) * (2 if is_loud else 1), "past": mixed.relu()}
"""
)

SPEECHLESS = """class Speechless(Exception):
    def __str__(self):
        raise ValueError


raise Speechless
"""

NO_INPUT = (
    HEAD
    + """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.numbers = nn.Parameter(torch.ones(3))

    def forward(self):
        return self.numbers * 2
"""
)

NO_FILE = (
    HEAD
    + """class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.numbers = torch.load("nowhere.pt")

    def forward(self, x):
        return x * self.numbers
"""
)

PARTS = (
    HEAD
    + """class Gated(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(12, 10)

    def forward(self, x):
        first, second, third = self.fc(x).chunk(3, dim=-1)
        gate, value = torch.split(first * torch.sigmoid(second), [1, 3], dim=2)
        steps = torch.unbind(value * gate, dim=1)
        return steps[0] + steps[-1], third
"""
)

TOKENS = (
    HEAD
    + """class Seer(nn.Module):
    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 8, 4, 4)
        self.first = nn.Parameter(torch.zeros(1, 1, 8))
        self.places = nn.Parameter(torch.randn(1, 17, 8))
        self.prompt = nn.Parameter(torch.randn(1, 3, 8))
        self.register_buffer("fixed", torch.zeros(1, 2, 8))

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.first.expand(x.size(0), -1, -1), x], 1) + self.places
        x = torch.cat([x, self.prompt.repeat(x.size(0), 1, 1)], dim=-2)
        return torch.cat([x, self.fixed.expand(x.size(0), -1, -1)], 1)
"""
)

PADDED = (
    HEAD
    + """class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(6, 8, padding_idx=0)
        layer = nn.TransformerEncoderLayer(8, 2, 12, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.decoder = nn.TransformerDecoderLayer(8, 2, 12, batch_first=True)

    def forward(self, words):
        is_empty = words == 0
        x = self.encoder(self.embedding(words), src_key_padding_mask=is_empty)
        y, _weights = self.attention(x, x, x, key_padding_mask=is_empty)
        return self.decoder(y, x, memory_key_padding_mask=is_empty)
"""
)
