"""Units of measurement, as they stand in brackets behind a name or in a row of their own."""

import re

_UNITS = (
    "% ‰ °c °f °k degc degf deg degt degree degrees c f k ℃ ℉ ° mm cm m km in ft mi nmi µm um",
    "m/s ms-1 m.s-1 m*s-1 km/h kmh kph mph kn kt knots kts m3 m³ m2 m² l ml hl l/s l/min m3/s m³/s",
    "m^3/s cfs cms t kg g mg µg ug ng kg/m3 g/m3 mg/m3 mg/m³ µg/m3 µg/m³ ug/m3 ppm ppb ppt ppmv pa",
    "hpa kpa mpa mb mbar bar psi atm torr w kw mw gw wh kwh mwh gwh j kj mj gj w/m2 w/m² w/m^2",
    "wm-2 j/cm2 mj/m2 v kv mv a ma ah hz khz mhz ghz rpm s sec secs second seconds ms µs us ns min",
    "mins minute minutes h hr hrs hour hours d day days yr year years n kn nm lx lux db dba dbm",
    "ohm ω",
    "µs/cm ms/cm ntu ph psu eur usd gbp jpy chf cad aud € $ £ ¥ 円 元 €/mwh eur/mwh kg/h t/h count",
    "counts # - n/a bpm rad m/s2 m/s² m/s^2 g/kg mm/h mm/day mg/l µg/l ug/l mol mmol/l dbz octa",
    "kb gb tb kib mib gib oktas okta mmhg inhg sm ft/s uv yyyy-mm-dd yyyymmdd utc local string",
)
_KNOWN = frozenset((*" ".join(_UNITS).split(), "deg c", "deg f", "ts", "rn"))
_COMPOUND = re.compile(r"(?:10\^?-?\d+ )?[µmkMG]?[A-Za-z]{1,3}(?:[/.·*^]?[a-z]{0,3}-?[\d²³]{1,2})+")
_BRACKETS = re.compile(r"^(.*\S)\s*[(\[{（［]([^()\[\]{}（）［］]{1,20})[)\]}）］]$")
_IN = re.compile(r"^.*\S (?:in|en) (\S{1,12})$")


_PART = r"(d{1,4}|m{1,4}|y{2,4})"
_DATE_ORDER = re.compile(
    rf"(?<![a-z]){_PART}[-./ ]?{_PART}[-./ ]?{_PART}(?:[ t,]+[hmsn:.]{{2,12}})?", re.I
)


def day_comes_first(text: str) -> bool | None:
    """What a head says of the dates below it; None where it says nothing.

    >>> [day_comes_first(head) for head in ("[dd.MM.yyyy HH:mm]", "Day (M/d/yy)", "Day")]
    [True, False, None]
    """
    found = _DATE_ORDER.search(text)
    order = "".join(part[0] for part in found.groups()).lower() if found else ""
    return {"dmy": True, "mdy": False}.get(order)


def is_unit(text: str) -> bool:
    """Whether a word is a unit by itself.

    >>> is_unit("[°C]"), is_unit("kWh"), is_unit("Berlin")
    (True, True, False)
    """
    bare = text.strip().strip("()[]{}（）").strip()
    known = (_COMPOUND, _DATE_ORDER)
    return bare.lower() in _KNOWN or any(each.fullmatch(bare) for each in known)


def unit_of(name: str) -> str:
    """The unit that a column's name ends with; `""` where it ends with none.

    >>> unit_of("平均気温(℃)"), unit_of("Höhe in m"), unit_of("T [degC]"), unit_of("CO(GT)")
    ('℃', 'm', 'degC', '')
    """
    if found := _BRACKETS.match(name):
        return found[2].strip() if is_unit(found[2]) else ""
    if found := _IN.match(name):
        return found[1] if is_unit(found[1]) else ""
    return ""
