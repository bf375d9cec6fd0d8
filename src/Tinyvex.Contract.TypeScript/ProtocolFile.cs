using System.Globalization;
using System.Reflection;
using Tinyvex.Contract.TypeScript.Shapes;
using Tinyvex.Contract.TypeScript.Writing;

namespace Tinyvex.Contract.TypeScript;

/// <summary>The contract as a module of the client.</summary>
internal static class ProtocolFile
{
    /// <summary>From the root of the repository.</summary>
    public const string Path = "src/packages/client/src/protocol.ts";

    /// <summary>Folders of the contract, as sections of the file.</summary>
    private static readonly (string Folder, string Title)[] Sections =
    [
        ("Values", "Names that rows and frames use. All times are Unix milliseconds, all sizes bytes."),
        ("Acp", "Values of the Agent Client Protocol, which are passed on as the agent sent them: they may hold more than is named here."),
        ("Rows", "Rows, in lists, snapshots and updates."),
        ("Frames", "What the server sends. Fields may be added, so pass over what is not known."),
        ("Requests", "What a client asks. A request is its fields with `control`, and an `id` that comes back in the answer."),
        ("Lines", "What the server says beside its sockets."),
    ];

    public static string Generate()
    {
        var shapes = new ContractShapes();
        var types = new NamedTypes(shapes.Roots);
        var comments = new Comments();
        var source = new SourceText();
        var writer = new TypeWriter(source, comments, types.Unions);
        source.Line("// Generated from src/Tinyvex.Contract by `./build.sh protocol`: change it there. What it means stands in docs/protocol.md.");
        WriteConstants(source, comments);
        foreach (var (folder, title) in Sections)
        {
            source.Line();
            source.Line($"// {title}");
            foreach (var (type, shape) in types.Of(folder)) writer.Write(type, shape);
        }

        return source.ToString();
    }

    private static void WriteConstants(SourceText source, Comments comments)
    {
        foreach (var constant in ConstantsOf(typeof(Wire)))
        {
            source.Line();
            source.Comment(comments.Of(constant));
            source.Line($"export const {TypeNames.Camel(constant.Name)} = {Value(constant)};");
        }

        source.Line();
        source.Comment(comments.Of(typeof(CloseCodes)));
        source.Block("export const closeCodes = {", () =>
        {
            foreach (var code in ConstantsOf(typeof(CloseCodes)))
            {
                source.Comment(comments.Of(code));
                source.Line($"{TypeNames.Camel(code.Name)}: {Value(code)},");
            }
        }, "} as const;");
    }

    private static FieldInfo[] ConstantsOf(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static);

    private static string Value(FieldInfo constant) => constant.GetRawConstantValue() is string text
        ? TypeNames.Quoted(text)
        : ((IFormattable)constant.GetRawConstantValue()!).ToString(null, CultureInfo.InvariantCulture);
}
