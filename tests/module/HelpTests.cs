using System.Management.Automation;
using Xunit;

namespace HaloDBIntegrator.Tests;

public sealed class HelpTests(ModuleSession module) : IClassFixture<ModuleSession>
{
    private static readonly string[] Cmdlets = File.ReadLines(Path.Combine(Project.Folder, "HaloDBIntegrator.psd1"))
        .SkipWhile(line => !line.Contains("CmdletsToExport")).Skip(1).TakeWhile(line => !line.Contains(')')).Select(line => line.Trim().Trim('\'')).ToArray();

    public static TheoryData<string> Names => new(Cmdlets);

    [Theory]
    [MemberData(nameof(Names))]
    public void Describes_the_cmdlet_each_parameter_and_an_example(string name)
    {
        var help = Assert.Single(module.Run($"Get-Help {name} -Full"));
        Assert.EndsWith(".", Text(help, "Synopsis"));
        Assert.DoesNotContain(name, Text(help, "Synopsis"));
        var described = All(Inner(help, "parameters"), "parameter").ToDictionary(parameter => Text(parameter, "name"));
        var cmdlet = (CmdletInfo)module.Run($"Get-Command {name}")[0].BaseObject;
        Assert.Equal(cmdlet.Parameters.Keys.Except(Cmdlet.CommonParameters).Order(), described.Keys.Order());
        foreach (var (parameter, words) in described)
        {
            var description = string.Join(" ", All(words, "description").Select(one => Text(one, "Text")));
            Assert.True(description.Length > 10 && description.EndsWith('.'), $"{name} -{parameter}: \"{description}\"");
        }
        var examples = All(Inner(help, "examples"), "example").ToList();
        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
        {
            Assert.Contains(name, Text(example, "code"));
            Assert.NotEmpty(string.Concat(All(example, "remarks").Select(one => Text(one, "Text"))));
            System.Management.Automation.Language.Parser.ParseInput(Text(example, "code"), out _, out var errors);
            Assert.Empty(errors);
        });
    }

    [Fact]
    public void Shows_the_syntax_and_which_values_there_are()
    {
        var help = Assert.Single(module.Run("Get-Help Get-HaloSyncLog"));
        var level = All(All(Inner(help, "syntax"), "syntaxItem").Single(), "parameter").Single(parameter => Text(parameter, "name") == "Level");
        Assert.Equal(["error", "warn", "info", "debug"], All(Inner(level, "parameterValueGroup"), "parameterValue").Select(value => value.ToString()));
        Assert.Equal(3, All(Inner(Assert.Single(module.Run("Get-Help Invoke-HaloSync")), "syntax"), "syntaxItem").Count());
    }

    private static string Text(PSObject from, string name) => from.Properties[name]?.Value?.ToString()?.Trim() ?? "";

    private static PSObject Inner(PSObject from, string name) => PSObject.AsPSObject(from.Properties[name].Value);

    /// <summary>Help gives one of a kind as itself and several as an array.</summary>
    private static IEnumerable<PSObject> All(PSObject from, string name) => from.Properties[name]?.Value switch
    {
        null => [],
        object[] several => several.Select(PSObject.AsPSObject),
        var one => [PSObject.AsPSObject(one)],
    };
}
