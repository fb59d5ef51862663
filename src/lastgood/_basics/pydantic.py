"""How pydantic reads and writes our values: they can be fields of a model.

Nothing of pydantic is imported except by pydantic itself, when it asks.
"""

from __future__ import annotations

from typing import Any


class Output:
    """The base of values with `to_dict`, which pydantic writes and does not read.

    A field of such a type takes the value itself.
    """

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object, /) -> Any:  # noqa: ANN401  # its types are pydantic's
        """Return how to check the value, and how to write it."""
        from pydantic_core import core_schema  # noqa: PLC0415  # only where there is pydantic

        made: Any = cls
        return core_schema.no_info_plain_validator_function(
            cls._from_field,
            ref=f"lastgood.{cls.__name__}",
            serialization=core_schema.plain_serializer_function_ser_schema(made.to_dict),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, source: object, handler: object, /) -> dict[str, Any]:
        """Return what an OpenAPI page says about it; the shipped schemas say more."""
        return {
            "type": "object",
            "title": cls.__name__,
            "description": f"What lastgood.{cls.__name__}.to_dict() writes.",
        }

    @classmethod
    def _from_field(cls, value: object) -> object:
        """Return the value of a field; ValueError if it cannot be one."""
        if isinstance(value, cls):
            return value
        raise ValueError(f"must be a {cls.__name__}: its plain data are written, and never read")


class Carried(Output):
    """The base of values with `to_dict` and `from_dict`, which pydantic writes and reads."""

    __slots__ = ()

    @classmethod
    def _from_field(cls, value: object) -> object:
        made: Any = cls
        return value if isinstance(value, cls) else made.from_dict(value)
