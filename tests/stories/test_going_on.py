"""A run that is stopped and goes on after its data have changed, as a person meets it."""

from dataclasses import replace

import numpy as np
import pandas as pd

from studio import jobs
from studio.core.run.control import RunControl
from studio.core.run.events import EpochDone, Note
from studio.engine.checkpoints import read_fitted


def test_what_was_fitted_stays_with_the_weights_that_were_learnt_with_it(tmp_path):
    draw = np.random.default_rng(0)
    frame = pd.DataFrame({"speed": draw.normal(50, 9, 80), "load": draw.normal(3, 1, 80)})
    frame["kind"] = np.where(frame["speed"] > 50, "fast", "slow")
    frame.to_csv(tmp_path / "rows.csv", index=False)
    project = jobs.new_project("classify-rows", data=str(tmp_path / "rows.csv"))
    project = replace(project, training=replace(project.training, epochs=4, device="cpu"))
    control, folder = RunControl(), tmp_path / "runs"
    for event in jobs.train(project, folder, control):
        if isinstance(event, EpochDone):
            control.stop()
    (record,) = jobs.runs(folder)
    assert record.outcome == "stopped"
    fitted = read_fitted(folder / record.run)

    frame["speed"] *= 3
    frame.to_csv(tmp_path / "rows.csv", index=False)
    events = list(jobs.train(project, folder, RunControl(), resume=record.run))
    assert events[-1].outcome == "completed", events[-1].problem
    assert any(isinstance(e, Note) and "has changed" in e.text for e in events)
    assert read_fitted(folder / record.run) == fitted
    assert [problem.code for problem in jobs.evaluate(folder, record.run).problems] == ["changed"]
