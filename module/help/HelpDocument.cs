using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Xml.Linq;

namespace HaloDBIntegrator.Help;

/// <summary>Cmdlets as MAML, the form in which PowerShell reads help (https://learn.microsoft.com/powershell/scripting/developer/help/writing-help-for-windows-powershell-cmdlets).</summary>
/// <param name="comments">Where the words are from.</param>
/// <param name="missing">Takes the names of what is not described.</param>
/// <param name="online">The page that Get-Help -Online opens, and HelpUri names; none where it is null.</param>
internal sealed class HelpDocument(DocComments comments, ICollection<string> missing, Uri? online)
{
    private static readonly XNamespace Root = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>PowerShell's own words for the parameters it adds, which are not the module's to describe.</summary>
    private static readonly Dictionary<string, string> Shared = new()
    {
        ["WhatIf"] = "Shows what would be done, and does nothing.",
        ["Confirm"] = "Asks before it is done.",
    };

    /// <summary>The whole file.</summary>
    public XDocument Write(IEnumerable<CmdletInfo> cmdlets) =>
        new(new XElement(Root + "helpItems", new XAttribute("schema", "maml"), cmdlets.Select(CommandOf)));

    private XElement CommandOf(CmdletInfo cmdlet)
    {
        var type = cmdlet.ImplementingType;
        var synopsis = comments.SummaryOf(type) ?? Missing(cmdlet.Name);
        var all = cmdlet.ParameterSets.SelectMany(set => Own(set.Parameters)).DistinctBy(parameter => parameter.Name).OrderBy(parameter => parameter.Name, StringComparer.Ordinal);
        return new XElement(Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml), new XAttribute(XNamespace.Xmlns + "command", Command), new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(Command + "details",
                new XElement(Command + "name", cmdlet.Name),
                Paragraphs("description", synopsis),
                new XElement(Command + "verb", cmdlet.Verb),
                new XElement(Command + "noun", cmdlet.Noun)),
            Paragraphs("description", comments.RemarksOf(type) ?? Missing($"remarks on {cmdlet.Name}")),
            new XElement(Command + "syntax", cmdlet.ParameterSets.Select(set => new XElement(Command + "syntaxItem",
                new XElement(Maml + "name", cmdlet.Name),
                Own(set.Parameters).OrderBy(parameter => parameter.Position < 0 ? int.MaxValue : parameter.Position).Select(parameter => ParameterOf(cmdlet, parameter))))),
            new XElement(Command + "parameters", all.Select(parameter => ParameterOf(cmdlet, parameter))),
            new XElement(Command + "inputTypes", Inputs(all)),
            new XElement(Command + "returnValues", Outputs(cmdlet)),
            new XElement(Command + "examples", Examples(cmdlet)),
            new XElement(Command + "relatedLinks", Links(cmdlet)));
    }

    private static IEnumerable<CommandParameterInfo> Own(ReadOnlyCollection<CommandParameterInfo> parameters) =>
        parameters.Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name));

    private XElement ParameterOf(CmdletInfo cmdlet, CommandParameterInfo parameter)
    {
        var words = comments.SummaryOf(cmdlet.ImplementingType, parameter.Name) ?? Shared.GetValueOrDefault(parameter.Name) ?? Missing($"{cmdlet.Name} -{parameter.Name}");
        var isSwitch = parameter.ParameterType == typeof(SwitchParameter);
        var pipeline = (parameter.ValueFromPipeline, parameter.ValueFromPipelineByPropertyName) switch
        {
            (true, true) => "True (ByValue, ByPropertyName)",
            (true, false) => "True (ByValue)",
            (false, true) => "True (ByPropertyName)",
            _ => "False",
        };
        return new XElement(Command + "parameter",
            new XAttribute("required", parameter.IsMandatory ? "true" : "false"),
            new XAttribute("variableLength", parameter.ParameterType.IsArray ? "true" : "false"),
            new XAttribute("globbing", parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any() ? "true" : "false"),
            new XAttribute("pipelineInput", pipeline),
            new XAttribute("position", parameter.Position < 0 ? "named" : parameter.Position.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new XAttribute("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)),
            new XElement(Maml + "name", parameter.Name),
            Paragraphs("description", words),
            parameter.Attributes.OfType<ValidateSetAttribute>().Select(set => new XElement(Command + "parameterValueGroup",
                set.ValidValues.Select(value => new XElement(Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), value)))),
            isSwitch ? null : new XElement(Command + "parameterValue", new XAttribute("required", "true"), new XAttribute("variableLength", "false"), NameOf(parameter.ParameterType)),
            TypeOf(NameOf(parameter.ParameterType)),
            DefaultOf(cmdlet, parameter) is { } value ? new XElement(Dev + "defaultValue", value) : null);
    }

    private IEnumerable<XElement> Examples(CmdletInfo cmdlet)
    {
        var examples = comments.ExamplesOf(cmdlet.ImplementingType).ToArray();
        if (examples.Length == 0 || examples.Any(example => example.Code.Length == 0 || example.Remarks.Length == 0)) Missing($"an example of {cmdlet.Name}");
        return examples.Select((example, index) => new XElement(Command + "example",
            new XElement(Maml + "title", $"Example {index + 1}"),
            new XElement(Dev + "code", example.Code),
            new XElement(Dev + "remarks", new XElement(Maml + "para", example.Remarks))));
    }

    private static IEnumerable<XElement> Inputs(IEnumerable<CommandParameterInfo> parameters)
    {
        var all = parameters.ToArray();
        var values = all.Where(parameter => parameter.ValueFromPipeline).Select(parameter => (NameOf(parameter.ParameterType), $"What -{parameter.Name} takes.")).ToList();
        var names = all.Where(parameter => parameter.ValueFromPipelineByPropertyName).Select(parameter => string.Join(" or ", parameter.Aliases.Prepend(parameter.Name))).ToArray();
        if (names.Length > 0) values.Add(("System.Management.Automation.PSObject", $"Anything with a property {string.Join(", ", names)}."));
        return values.DefaultIfEmpty(("None", "Nothing is taken from a pipeline.")).Select(one => new XElement(Command + "inputType", TypeOf(one.Item1), Paragraphs("description", one.Item2)));
    }

    private IEnumerable<XElement> Outputs(CmdletInfo cmdlet) => cmdlet.OutputType
        .Select(output => (output.Name, comments.SummaryOf(output.Name) ?? "")).DefaultIfEmpty(("None", "Nothing is given."))
        .Select(one => new XElement(Command + "returnValue", TypeOf(one.Item1), Paragraphs("description", one.Item2)));

    private IEnumerable<XElement> Links(CmdletInfo cmdlet)
    {
        var links = comments.LinksOf(cmdlet.ImplementingType).ToArray();
        if (links.Length == 0) Missing($"a related link of {cmdlet.Name}");
        // PowerShell takes the first link with an address for the page.
        var page = online is null ? [] : new[] { Link("Online", online.AbsoluteUri) };
        return page.Concat(links.Select(link => Link(link, "")));
    }

    private static XElement Link(string text, string address) =>
        new(Maml + "navigationLink", new XElement(Maml + "linkText", text), new XElement(Maml + "uri", address));

    /// <summary>What a parameter is where it is left out, as the cmdlet begins with; null where it is nothing.</summary>
    private static string? DefaultOf(CmdletInfo cmdlet, CommandParameterInfo parameter)
    {
        if (parameter.IsMandatory || cmdlet.ImplementingType.GetProperty(parameter.Name) is not { } property) return null;
        return property.GetValue(Activator.CreateInstance(cmdlet.ImplementingType)) switch
        {
            SwitchParameter => "False",
            string { Length: > 0 } text => text,
            IEnumerable<string> texts => string.Join(", ", texts),
            IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
            _ => null,
        };
    }

    private static XElement TypeOf(string name) => new(Dev + "type", new XElement(Maml + "name", name));

    private static XElement Paragraphs(string name, params string[] texts) => new(Maml + name, texts.Select(text => new XElement(Maml + "para", text)));

    private static string NameOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var plain && plain.IsArray ? $"{plain.GetElementType()!.Name}[]" : plain.Name;

    private string Missing(string what)
    {
        missing.Add(what);
        return "";
    }
}
