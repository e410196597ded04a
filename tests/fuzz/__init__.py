"""A fuzzer of everything hedgerow reads: ``python -m tests.fuzz --count 20000 --seed 1``.

A *kind* (:mod:`tests.fuzz.kinds`) is one thing a user may give: a scenario file, a results folder, a link, a
command. It makes an input out of good ones by mutation (:mod:`tests.fuzz.mutate`), and reads it as a user
would. A *case* is a seed and a number: both say which kind it is and how the input is made, so that any case
can be made again alone, ``--seed 1 --case 123``. A process of its own reads the cases (:mod:`tests.fuzz.crew`),
and is ended where one takes too long or too much; :mod:`tests.fuzz.judge` says what an input may come to: a
valid run, or a refusal in one clear message. All else is a *finding* (:mod:`tests.fuzz.findings`).

To add a kind: one class in a module of :mod:`tests.fuzz.kinds`, and its name in ``KINDS`` there. To add a
mutation: one function in a module of :mod:`tests.fuzz.mutate`, and its name in the list at the end of it. Both
change what the numbers of cases stand for, so a case that is worth keeping becomes a test of its own.
"""
