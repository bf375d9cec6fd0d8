namespace Tinyvex.Contract.TypeScript.Shapes;

/// <summary>Kinds of values without parts.</summary>
internal enum Scalar
{
    Text,
    Integer,
    Number,
    Boolean,

    /// <summary>Any JSON, null too.</summary>
    Anything,
}
