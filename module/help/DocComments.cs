using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HaloDBIntegrator.Help;

/// <summary>The doc comments of the module, as the compiler wrote them down.</summary>
internal sealed partial class DocComments(XDocument documentation)
{
    private readonly Dictionary<string, XElement> members =
        documentation.Descendants("member").ToDictionary(member => (string)member.Attribute("name")!);

    /// <summary>One sentence or two on a type; null where it has none.</summary>
    public string? SummaryOf(Type type) => Text(Member(type)?.Element("summary"));

    /// <summary>What is to be known beyond the summary; null where nothing is.</summary>
    public string? RemarksOf(Type type) => Text(Member(type)?.Element("remarks"));

    /// <summary>What a property is; null where it is not described. It may be one of a base class.</summary>
    public string? SummaryOf(Type type, string property)
    {
        for (var owner = type; owner != null; owner = owner.BaseType)
        {
            if (members.TryGetValue($"P:{owner.FullName}.{property}", out var member)) return Text(member.Element("summary"));
        }
        return null;
    }

    /// <summary>One sentence or two on a type by its full name; null where it is none of the module's.</summary>
    public string? SummaryOf(string type) => Text(members.GetValueOrDefault($"T:{type}")?.Element("summary"));

    /// <summary>What to read beside it: names of cmdlets and of about_ topics.</summary>
    public IEnumerable<string> LinksOf(Type type) => (Member(type)?.Elements("seealso") ?? []).Select(link => link.Value.Trim());

    /// <summary>The examples of a type: commands, a line each, and what they do.</summary>
    public IEnumerable<(string Code, string Remarks)> ExamplesOf(Type type) =>
        (Member(type)?.Elements("example") ?? []).Select(example => (Lines(example.Element("code")), Text(example.Element("para")) ?? ""));

    private XElement? Member(Type type) => members.GetValueOrDefault($"T:{type.FullName}");

    private static string? Text(XElement? element)
    {
        var text = element == null ? "" : Spaces().Replace(element.Value, " ").Trim();
        return text.Length == 0 ? null : text;
    }

    /// <summary>The lines as they were written, without what the comment's own place in the source indents them by.</summary>
    private static string Lines(XElement? element)
    {
        var lines = (element?.Value ?? "").Trim().Split('\n').Select(line => line.TrimEnd()).ToArray();
        var indent = lines.Skip(1).Where(line => line.Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
        return string.Join('\n', lines.Select((line, index) => index == 0 || line.Length < indent ? line : line[indent..]));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
