"""Text tables as people really bring them, and what must be found in them."""

from typing import NamedTuple

from tests.data.hostile.case import rows

nan, inf = float("nan"), float("inf")


class Reading(NamedTuple):
    """What must be found in a file."""

    columns: dict[str, list[float]]
    encoding: str = "UTF-8"
    delimiter: str = ","
    decimal: str = "."
    index_name: str = ""
    other_columns: tuple[str, ...] = ()


PLAIN = Reading({"a": [1.5, 3], "b": [2, 1]})
JAPANESE = "日付,気温,湿度\n2020年1月1日,5.5,60\n2020年1月2日,6.5,50\n"
IN_JAPANESE = Reading({"気温": [5.5, 6.5], "湿度": [60, 50]}, index_name="日付")
GERMAN = "Größe;Höhe\n1,5;2\n3;1\n"
IN_GERMAN = Reading({"Größe": [1.5, 3], "Höhe": [2, 1]}, delimiter=";", decimal=",")

READ: list[tuple[str, bytes, Reading]] = [
    ("plain", b"a,b\n1.5,2\n3,1\n", PLAIN),
    ("no newline at the end", b"a,b\n1.5,2\n3,1", PLAIN),
    ("Windows lines", b"a,b\r\n1.5,2\r\n3,1\r\n", PLAIN),
    ("old Mac lines", b"a,b\r1.5,2\r3,1\r", PLAIN),
    ("DOS end of file", b"a,b\r\n1.5,2\r\n3,1\r\n\x1a", PLAIN),
    ("blank lines", b"\n\na,b\n\n1.5,2\n  \n3,1\n\n", PLAIN),
    ("empty rows at both ends", b",\n,,,\na,b\n1.5,2\n3,1\n,\n,\n", PLAIN),
    ("spaces after the commas", b'a, "b"\n1.5, 2\n3, "1"\n', PLAIN),
    ("a comma after each row", b"a,b\n1.5,2,\n3,1,\n", PLAIN),
    ("a comma after some rows", b"a,b\n1.5,2\n3,1,\n", PLAIN),
    ("quoted numbers", b'"a","b"\n"1.5","2"\n"3","1"\n', PLAIN),
    ("UTF-8 with its mark", b"\xef\xbb\xbfa,b\n1.5,2\n3,1\n", PLAIN),
    ("UTF-16", "a,b\n1.5,2\n3,1\n".encode("utf-16"), PLAIN._replace(encoding="UTF-16")),
    (
        "UTF-16 without its mark",
        "a,b\n1.5,2\n3,1\n".encode("utf-16-le"),
        PLAIN._replace(encoding="UTF-16"),
    ),
    (
        "UTF-16, the other order",
        b"\xfe\xff" + "a,b\n1.5,2\n3,1\n".encode("utf-16-be"),
        PLAIN._replace(encoding="UTF-16"),
    ),
    ("UTF-32", "a,b\n1.5,2\n3,1\n".encode("utf-32"), PLAIN._replace(encoding="UTF-32")),
    ("Japanese in UTF-8", JAPANESE.encode(), IN_JAPANESE),
    ("Shift-JIS", JAPANESE.encode("cp932"), IN_JAPANESE._replace(encoding="Shift-JIS")),
    (
        "Shift-JIS in half width",
        "ｵﾝﾄﾞ,x\n1,2\n3,1\n".encode("cp932"),
        Reading({"ｵﾝﾄﾞ": [1, 3], "x": [2, 1]}, "Shift-JIS"),
    ),
    ("German in UTF-8", GERMAN.encode(), IN_GERMAN),
    ("Latin-1", GERMAN.encode("latin-1"), IN_GERMAN._replace(encoding="Latin-1")),
    (
        "Latin-1 from Windows",
        "n°,€\n1,2\n3,1\n".encode("cp1252"),
        Reading({"n°": [1, 3], "€": [2, 1]}, "Latin-1"),
    ),
    ("tabs", b"a\tb\n1.5\t2\n3\t1\n", PLAIN._replace(delimiter="\t")),
    ("bars", b"a|b\n1.5|2\n3|1\n", PLAIN._replace(delimiter="|")),
    ("semicolons", b"a;b\n1.5;2\n3;1\n", PLAIN._replace(delimiter=";")),
    (
        "semicolons with decimal commas",
        b"a;b\n1,5;2\n3;1\n",
        PLAIN._replace(delimiter=";", decimal=","),
    ),
    (
        "tabs with decimal commas",
        b"a\tb\n1,5\t2\n3\t1",
        PLAIN._replace(delimiter="\t", decimal=","),
    ),
    ("quoted decimal commas", b'a,b\n"1,5",2\n"3,0",1\n', PLAIN._replace(decimal=",")),
    ("Excel's sep line", b"sep=;\r\na;b\r\n1.5;2\r\n3;1\r\n", PLAIN._replace(delimiter=";")),
    (
        "one column of decimal commas",
        b"v\n1,5\n2,25\n",
        Reading({"v": [1.5, 2.25]}, delimiter="", decimal=","),
    ),
    (
        "thousands",
        b'a,b\n"1,234,567.5",2\n"3,000",1\n',
        Reading({"a": [1234567.5, 3000], "b": [2, 1]}),
    ),
    (
        "thousands with points",
        b"a;b\n1.234,5;2.000\n300;1.000\n",
        Reading({"a": [1234.5, 300], "b": [2000, 1000]}, delimiter=";", decimal=","),
    ),
    (
        "thousands with spaces",
        "a;b\n1 234,5;2\n1\u202f000;1\n".encode(),
        Reading({"a": [1234.5, 1000], "b": [2, 1]}, delimiter=";", decimal=","),
    ),
    ("no header", b"1.5,2\n3,1\n", Reading({"column 1": [1.5, 3], "column 2": [2, 1]})),
    ("one column, no header", b"3\n1\n2\n", Reading({"column 1": [3, 1, 2]}, delimiter="")),
    (
        "pandas' own index",
        b",0,1\n0,1.5,2\n1,3,1\n",
        Reading({"column 1": [0, 1], "0": [1.5, 3], "1": [2, 1]}),
    ),
    (
        "HTML as a name",
        b"<script>alert('x')</script>,<b>b\n1.5,2\n3,1\n",
        Reading({"<script>alert('x')</script>": [1.5, 3], "<b>b": [2, 1]}),
    ),
    ("braces as a name", b"{a},{0}\n1.5,2\n3,1\n", Reading({"{a}": [1.5, 3], "{0}": [2, 1]})),
    (
        "the same name twice, and none",
        b"a,a,,a (2)\n1,2,3,4\n3,1,2,1\n",
        Reading({"a": [1, 3], "a (2)": [2, 1], "column 3": [3, 2], "a (2) (2)": [4, 1]}),
    ),
    ("a name on two lines", b'"a\nb",c\n1.5,2\n3,1\n', Reading({"a b": [1.5, 3], "c": [2, 1]})),
    (
        "missing in all spellings",
        b"a,b\n1,NaN\n-,2\nNA,\n2,null\n?,3\n",
        Reading({"a": [1, nan, nan, 2, nan], "b": [nan, 2, nan, nan, 3]}),
    ),
    ("infinite", b"a,b\n1,inf\n2,-Infinity\n1,3\n", Reading({"a": [1, 2, 1], "b": [inf, -inf, 3]})),
    (
        "beyond float64",
        b"a,b\n1e999,1\n1,99999999999999999999\n",
        Reading({"a": [inf, 1], "b": [1, 1e20]}),
    ),
    (
        "words among numbers",
        b"a,b\n1,2\n2 (?),3\n4,1\n",
        Reading({"a": [1, nan, 4], "b": [2, 3, 1]}),
    ),
    ("rows that end early", b"a,b\n1,2\n3\n4,1\n", Reading({"a": [1, 3, 4], "b": [2, nan, 1]})),
    ("text beside numbers", b"who,b\nx,2\ny,1\n", Reading({"b": [2, 1]}, other_columns=("who",))),
    (
        "an empty column",
        b"a,b,c\n1,,2\n3,,1\n",
        Reading({"a": [1, 3], "c": [2, 1]}, other_columns=("b",)),
    ),
    ("true and false", b"a,b\nTrue,2\nFalse,1\n", Reading({"a": [1, 0], "b": [2, 1]})),
    ("a constant column", b"a,b\n7,2\n7,1\n", Reading({"a": [7, 7], "b": [2, 1]})),
    ("a formula", b"a,b\n=1+1,2\n@x,1\n", Reading({"b": [2, 1]}, other_columns=("a",))),
    ("dates", b"day,b\n2020-01-31,2\n2020-02-01,1\n", Reading({"b": [2, 1]}, index_name="day")),
    (
        "dates out of order",
        b"day,b\n2020-02-01,2\n2020-01-31,1\n",
        Reading({"b": [1, 2]}, index_name="day"),
    ),
    (
        "dates in a later column",
        b"b,day\n2,2020-02-01\n1,2020-01-31\n",
        Reading({"b": [1, 2]}, index_name="day"),
    ),
    (
        "packed dates",
        b"day,b\n20200131,2\n20200201,1\n",
        Reading({"b": [2, 1]}, index_name="day"),
    ),
    (
        "pandas' index before dates",
        b",b,day\n0,2,2020-02-01\n1,1,2020-01-31\n",
        Reading({"b": [1, 2]}, index_name="day"),
    ),
    (
        "years that run back",
        rows("year,b", "20{0:02},7").replace(b"20", b"19"),
        Reading({"b": [7] * 12}, index_name="year"),
    ),
    ("spaces in columns", b"a   b\n1.5  2\n3    1\n", PLAIN._replace(delimiter=" ")),
    ("numpy.savetxt", b"# a b\n1.5e+00 2.0\n3.0 1.0\n", PLAIN._replace(delimiter=" ")),
    (
        "thousands in a single column",
        b"v\n1 234\n5 678\n",
        Reading({"v": [1234, 5678]}, delimiter=""),
    ),
    ("years", rows("year,b", "20{0:02},7"), Reading({"b": [7] * 12}, index_name="year")),
    ("counted rows", rows(",b", "{0},7"), Reading({"b": [7] * 12}, index_name="column 1")),
    ("only a growing column", rows("a", "{0}"), Reading({"a": list(range(12))}, delimiter="")),
    (
        "200 columns",
        b",".join(b"c%d" % i for i in range(200)) + b"\n" + b",".join([b"0.5"] * 200),
        Reading({f"c{i}": [0.5] for i in range(200)}),
    ),
]
