using System.Diagnostics;
using System.Management.Automation.Language;
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

    public static TheoryData<string> Shipped => new("the starter", "what runs before the import", "the manifest", "the door", "the formats", "the help", "the story");

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Is_in_the_language_of_5_1(string what)
    {
        var scripts = Scripts(what).ToList();
        Assert.NotEmpty(scripts);
        Assert.All(scripts, script =>
        {
            var tree = Parser.ParseInput(script, out var tokens, out var errors);
            Assert.Empty(errors);
            Assert.DoesNotContain(tokens, token => Newer.Contains(token.Kind));
            Assert.Empty(tree.FindAll(one => one is TernaryExpressionAst or PipelineChainAst or PipelineAst { Background: true }, searchNestedScriptBlocks: true));
        });
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
        "the door" => [DoorScript()],
        "the formats" => XDocument.Load(InProject("module/HaloDBIntegrator.Format.ps1xml")).Descendants("ScriptBlock").Select(block => block.Value),
        "the help" => XDocument.Load(InProject("en-US/HaloDBIntegrator.dll-Help.xml")).Descendants().Where(one => one.Name.LocalName == "code").Select(code => code.Value),
        _ => [],
    };

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
