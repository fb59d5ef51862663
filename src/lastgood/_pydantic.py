"""What pydantic is told of values with `to_dict` and `from_dict`: they can be fields of a model."""

from typing import Any


class Carried:
    """The base of values that pydantic carries as their plain data.

    Nothing of pydantic is imported but by pydantic itself, when it asks.
    """

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object, /) -> Any:  # noqa: ANN401  # its types are pydantic's
        """Return how to read the value from plain data, and how to write it."""
        from pydantic_core import core_schema  # noqa: PLC0415  # only where there is pydantic

        made: Any = cls

        def read(value: object) -> object:
            return value if isinstance(value, cls) else made.from_dict(value)

        writes = core_schema.plain_serializer_function_ser_schema(made.to_dict)
        return core_schema.no_info_plain_validator_function(read, serialization=writes)

    @classmethod
    def __get_pydantic_json_schema__(cls, source: object, handler: object, /) -> dict[str, Any]:
        """Return what an OpenAPI page says of it; the shipped schemas say more."""
        return {
            "type": "object",
            "title": cls.__name__,
            "description": f"What lastgood.{cls.__name__}.to_dict() writes.",
        }
