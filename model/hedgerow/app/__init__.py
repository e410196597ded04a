"""The lab, the studies, the seminar room and the HTTP API: hedgerow in a browser.

``server`` starts one process that serves all four; ``safety`` guards every request; ``jobs`` keeps
simulation out of the process that answers browsers. A new page is a function with
``nicegui.ui.page`` that draws inside :func:`hedgerow.app.frame.frame`, mounted by ``server``.
"""
