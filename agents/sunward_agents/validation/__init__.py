"""Our physics against tables that independent tools computed: `sunward validate`.

A folder holds tables; the modules here hold, for each family of tables, the columns it must have
(`Spec`) and what our functions must reach on its rows (`Check`). To add a family `moon`:

1. write `moon.py` beside `sun.py`: one `Spec` a file, small functions from a row to our error, and
   `CHECKS`, a tuple of `Check`, one a quantity that has a limit;
2. name it in `catalogue.py`, where it also gets its place in the printed table;
3. say in the docstring where a limit comes from. Limits are those of the tables' README; a
   limit of our own says so by `is_own=True`.

A check counts every row of its table for which its function returns a number.
"""
