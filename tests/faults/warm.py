"""What a process loads before it is forked into commands: everything, rules compiled, and no thread left."""

import matplotlib.figure  # noqa: F401

import hedgerow
import hedgerow.analysis
import hedgerow.cli
import hedgerow.figures
import hedgerow.fit.calibration
import hedgerow.report.brief.subject
import hedgerow.report.brief.swept
import hedgerow.report.comparing
import hedgerow.report.comparison
import hedgerow.report.draw
import hedgerow.report.fitting
from hedgerow.report.brief import html

hedgerow.run("baseline-2022-25", runs=1, months=2, fixed=True)
html._environment().get_template("page")
