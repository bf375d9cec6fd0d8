using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Tinyvex.Contract.TypeScript;

/// <summary>The summaries of the contract's types and members, which the compiler leaves in an XML file beside the library.</summary>
internal sealed partial class Comments
{
    private readonly Dictionary<string, string> _summaries;

    public Comments()
    {
        var file = Path.ChangeExtension(typeof(ContractJson).Assembly.Location, ".xml");
        _summaries = XDocument.Load(file).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => Text(member.Element("summary")!));
    }

    public string? Of(Type type) => _summaries.GetValueOrDefault($"T:{type.FullName}");

    public string? Of(MemberInfo member) =>
        _summaries.GetValueOrDefault($"{(member is FieldInfo ? 'F' : 'P')}:{member.DeclaringType!.FullName}.{member.Name}");

    private static string Text(XElement summary) => Spaces().Replace(
        string.Concat(summary.Nodes().Select(node => node is XElement code ? $"`{code.Value}`" : ((XText)node).Value)), " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
