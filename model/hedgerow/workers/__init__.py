"""Workers: who does calls beside this process, and what becomes of those that are lost.

All are executors, as :mod:`concurrent.futures` has them: :class:`pool.Pool`, new processes of this
machine; :class:`executors.Here`, this process; :class:`executors.Borrowed`, somebody's executor,
such as Dask's (:mod:`cluster`). A call is a function of a module and what it is given. Nothing here
knows what is computed; a new kind of worker is one more executor.
"""
