using Tinyvex.Contract.Frames;
using Tinyvex.Contract.Lines;
using Tinyvex.Contract.Requests;

namespace Tinyvex.Contract.TypeScript.Shapes;

/// <summary>The shapes of all that is on the wire.</summary>
internal sealed class ContractShapes
{
    private readonly ShapeReader _reader = new(ContractJson.Default);

    public ContractShapes()
    {
        Frame = (UnionShape)_reader.Read(typeof(ServerFrame));
        Controls = _reader.ReadObject(typeof(Controls));
        Queries = _reader.ReadObject(typeof(Queries));
        Streams = _reader.ReadObject(typeof(Streams));
        Lines = [_reader.ReadObject(typeof(ReadyLine)), _reader.ReadObject(typeof(AlreadyRunningLine)), _reader.ReadObject(typeof(Health))];
    }

    /// <summary>Whatever the server sends.</summary>
    public UnionShape Frame { get; }

    public ObjectShape Controls { get; }

    public ObjectShape Queries { get; }

    public ObjectShape Streams { get; }

    /// <summary>What the server says beside its sockets.</summary>
    public IReadOnlyList<ObjectShape> Lines { get; }

    public IEnumerable<Shape> Roots => [Frame, Controls, Queries, Streams, .. Lines];
}
