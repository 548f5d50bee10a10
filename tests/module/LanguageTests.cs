using System.Diagnostics;
using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace HaloDBIntegrator.Tests;

/// <summary>What is shipped as PowerShell is in the language of 5.1: read by 7's parser, and without what 6 and 7 brought.</summary>
public sealed class LanguageTests
{
    private static readonly TokenKind[] Newer =
    [
        TokenKind.QuestionMark, TokenKind.QuestionQuestion, TokenKind.QuestionQuestionEquals, TokenKind.QuestionDot, TokenKind.QuestionLBracket,
        TokenKind.AndAnd, TokenKind.OrOr, TokenKind.Clean,
    ];

    /// <summary>What 5.1 has of what is written in them (https://learn.microsoft.com/powershell/module/?view=powershell-5.1), beside the module's own.</summary>
    private static readonly string[] Known =
    [
        "ConvertFrom-Json", "ConvertTo-Json", "Expand-Archive", "Export-Csv", "ForEach-Object", "Format-List", "Format-Table", "Get-ChildItem", "Get-Credential", "Get-Date", "Get-Help", "Get-Module",
        "Get-Variable", "Get-WinEvent", "Group-Object", "Import-Module", "Join-Path", "Measure-Command", "Measure-Object", "New-Object", "Out-Null", "Out-String", "Read-Host",
        "Remove-Item", "Select-Object", "Sort-Object", "Split-Path", "Start-Sleep", "Test-Path", "Unblock-File", "Where-Object", "Write-Debug", "Write-Host",
        // Of the module SecretManagement, which is for 5.1, too; and programs.
        "Get-Secret", "HaloDBIntegrator.exe", "icacls",
    ];

    /// <summary>Parameters that 6 and 7 brought to cmdlets of 5.1.</summary>
    private static readonly string[] NewerParameters =
    [
        "AllowInsecureRedirect", "AsByteStream", "AsHashtable", "AsUTC", "Authentication", "Bottom", "ConnectionTimeoutSeconds", "EnumsAsStrings", "EscapeHandling",
        "Extension", "Form", "HttpVersion", "LeafBase", "MaximumRetryCount", "NoEnumerate", "NoProxy", "Parallel", "PreserveHttpMethodOnRedirect", "QuoteFields",
        "Resume", "SkipCertificateCheck", "SkipEditionCheck", "SkipHeaderValidation", "SkipHttpErrorCheck", "SkipIndex",
        "SslProtocol", "Stable", "ThrottleLimit", "TimeoutSeconds", "Token", "Top", "UnixTimeSeconds", "UseQuotes",
    ];

    private static readonly string[] NewerVariables = ["EnabledExperimentalFeatures", "IsCoreCLR", "IsLinux", "IsMacOS", "IsWindows", "PSStyle"];

    public static TheoryData<string> Shipped =>
        new("the starter", "what runs before the import", "the manifest", "the door", "the formats", "the help", "the topics", "the guides", "the library", "the story", "the starts", "the workflow");

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Is_in_the_language_of_5_1(string what)
    {
        var scripts = Scripts(what).ToList();
        Assert.NotEmpty(scripts);
        Assert.All(scripts, IsInItsLanguage);
    }

    internal static void IsInItsLanguage(string script)
    {
        var tree = Parser.ParseInput(script, out var tokens, out var errors);
        Assert.Empty(errors);
        Assert.DoesNotContain(tokens, token => Newer.Contains(token.Kind));
        Assert.Empty(tree.FindAll(one => one is TernaryExpressionAst or PipelineChainAst or PipelineAst { Background: true }, searchNestedScriptBlocks: true));
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Uses_nothing_that_5_1_has_not(string what)
    {
        var own = Regex.Matches(Read("HaloDBIntegrator.psd1"), @"'(\w+-Halo\w+)'").Select(match => match.Groups[1].Value);
        var known = new HashSet<string>([.. Known, .. own], StringComparer.OrdinalIgnoreCase);
        foreach (var tree in Scripts(what).Select(script => Parser.ParseInput(script, out _, out _)))
        {
            var functions = tree.FindAll(one => one is FunctionDefinitionAst, true).Select(one => ((FunctionDefinitionAst)one).Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var commands = tree.FindAll(one => one is CommandAst, true).Cast<CommandAst>().Where(one => one.GetCommandName() is { } name && !functions.Contains(name)).ToList();
            Assert.DoesNotContain(commands.Select(one => one.GetCommandName()), name => !known.Contains(name));
            var parameters = commands.Where(one => !own.Contains(one.GetCommandName())).SelectMany(one => one.CommandElements).OfType<CommandParameterAst>();
            Assert.DoesNotContain(parameters.Select(one => one.ParameterName), name => NewerParameters.Contains(name, StringComparer.OrdinalIgnoreCase));
            var variables = tree.FindAll(one => one is VariableExpressionAst, true).Select(one => ((VariableExpressionAst)one).VariablePath.UserPath);
            Assert.DoesNotContain(variables, name => NewerVariables.Contains(name, StringComparer.OrdinalIgnoreCase));
        }
    }

    /// <summary>Windows PowerShell reads a file without a byte order mark in the system's own code page.</summary>
    [Fact]
    public void Has_no_letter_that_5_1_would_read_otherwise()
    {
        var texts = new[] { "HaloDBIntegrator.psd1", "module/before-import.psm1", "scripts/windows/halo-db-integrator.ps1", "tests/windows/story.ps1", "bench/windows-starts.ps1", ".github/workflows/ci.yml" }
            .Concat(Directory.GetFiles(InProject("module/about"), "*.help.txt").Select(path => Path.GetRelativePath(Project.Folder, path)));
        Assert.All(texts, path =>
        {
            var bytes = File.ReadAllBytes(InProject(path));
            var marked = bytes is [0xEF, 0xBB, 0xBF, ..];
            Assert.True(marked || bytes.All(one => one < 0x80), $"{path} has letters beyond ASCII and no byte order mark.");
        });
        // What is XML says its encoding itself.
        Assert.All(new[] { "module/HaloDBIntegrator.Format.ps1xml", "en-US/HaloDBIntegrator.dll-Help.xml" }, path => Assert.Equal("utf-8", XDocument.Load(InProject(path)).Declaration?.Encoding));
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Is_the_same_with_the_line_ends_of_Windows(string what) =>
        Assert.All(Scripts(what), script => IsInItsLanguage(script.ReplaceLineEndings("\r\n")));

    /// <summary>https://learn.microsoft.com/powershell/scripting/developer/format/format-schema-xml-reference</summary>
    [Fact]
    public void Formats_have_only_elements_that_5_1_knows()
    {
        string[] known =
        [
            "Configuration", "ViewDefinitions", "View", "Name", "ViewSelectedBy", "TypeName", "GroupBy", "PropertyName", "ScriptBlock", "Label", "Alignment", "Width", "Wrap",
            "TableControl", "TableHeaders", "TableColumnHeader", "TableRowEntries", "TableRowEntry", "TableColumnItems", "TableColumnItem",
            "ListControl", "ListEntries", "ListEntry", "ListItems", "ListItem",
            "CustomControl", "CustomEntries", "CustomEntry", "CustomItem", "ExpressionBinding", "NewLine", "Text", "Frame",
        ];
        Assert.All(XDocument.Load(InProject("module/HaloDBIntegrator.Format.ps1xml")).Descendants(), element => Assert.Contains(element.Name.LocalName, known));
    }

    [Fact]
    public void Knows_what_is_newer()
    {
        foreach (var script in new[] { "$a ? 1 : 2", "a && b", "$a ?? 1", "${a}?.b", "a &" })
        {
            var tree = Parser.ParseInput(script, out var tokens, out _);
            Assert.True(
                tokens.Any(token => Newer.Contains(token.Kind)) || tree.Find(one => one is TernaryExpressionAst or PipelineChainAst or PipelineAst { Background: true }, true) != null,
                script);
        }
    }

    private static IEnumerable<string> Scripts(string what) => what switch
    {
        "the starter" => [Read("scripts/windows/halo-db-integrator.ps1")],
        "what runs before the import" => [Read("module/before-import.psm1")],
        "the manifest" => [Read("HaloDBIntegrator.psd1")],
        "the story" => [Read("tests/windows/story.ps1")],
        "the starts" => [Read("bench/windows-starts.ps1")],
        "the workflow" => Regex.Matches(Read(".github/workflows/ci.yml").ReplaceLineEndings("\n"), @"shell: powershell\n +run: \|\n((?:          .*\n|\n)+)").Select(match => match.Groups[1].Value),
        "the door" => [DoorScript()],
        "the formats" => XDocument.Load(InProject("module/HaloDBIntegrator.Format.ps1xml")).Descendants("ScriptBlock").Select(block => block.Value),
        "the help" => XDocument.Load(InProject("en-US/HaloDBIntegrator.dll-Help.xml")).Descendants().Where(one => one.Name.LocalName == "code").Select(code => code.Value),
        "the topics" => Directory.GetFiles(InProject("module/about"), "*.help.txt").SelectMany(path => Examples(File.ReadAllText(path))),
        "the guides" => Directory.GetFiles(InProject("docs"), "*.md", SearchOption.AllDirectories).Append(InProject("README.md")).SelectMany(path => Fenced(File.ReadAllText(path))),
        // Texts of the library that it lets PowerShell run.
        "the library" => Texts("Secrets.SecretOpener", "FromVault").Concat(Texts("Completion.InstanceFacts", "Resolve")),
        _ => [],
    };

    /// <summary>Of a topic: paragraphs set in by eight that begin with a command or a variable, and not with a word.</summary>
    private static IEnumerable<string> Examples(string topic) =>
        topic.ReplaceLineEndings("\n").Split("\n\n").Select(part => part.Trim('\n'))
            .Where(part => Regex.IsMatch(part, @"^ {8}(\$|\w+-\w+|\w+\.exe\b)") && part.Split('\n').All(line => line.StartsWith("        ", StringComparison.Ordinal)));

    private static IEnumerable<string> Fenced(string page) =>
        Regex.Matches(page.ReplaceLineEndings("\n"), @"^ *```powershell\n(.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> Texts(string type, string field)
    {
        var library = System.Reflection.Assembly.LoadFrom(InProject("module/bin/HaloDBIntegrator.dll"));
        yield return (string)library.GetType($"HaloDBIntegrator.{type}", throwOnError: true)!.GetField(field, System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!.GetRawConstantValue()!;
    }

    private static string InProject(string path) => Path.Combine(Project.Folder, path);

    private static string Read(string path) => File.ReadAllText(InProject(path));

    private static string DoorScript()
    {
        var source = new Uri(InProject("node/src/windows/door-script.ts")).AbsoluteUri;
        using var process = Process.Start(new ProcessStartInfo(Project.Node, ["--no-warnings", "--input-type=module", "-e", $"process.stdout.write((await import('{source}')).doorScript)"])
        {
            RedirectStandardOutput = true,
        })!;
        return process.StandardOutput.ReadToEnd();
    }
}
