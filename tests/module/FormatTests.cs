using System.Xml.Linq;
using Xunit;

namespace HaloDBIntegrator.Tests;

/// <summary>The columns that are worked out; this host has no Format-Table, so their script blocks are run by themselves.</summary>
public sealed class FormatTests(ModuleSession module) : IClassFixture<ModuleSession>
{
    private static readonly XDocument Format = XDocument.Load(Path.Combine(Project.Folder, "module/HaloDBIntegrator.Format.ps1xml"));

    [Theory]
    [InlineData("''", "@()", "")]
    [InlineData("'Off.'", "@()", "Off.")]
    [InlineData("''", "@('a')", "Also on in a.")]
    [InlineData("'Off.'", "@('a', 'b')", "Off. Also on in a, b.")]
    public void The_table_of_switches_says_where_else_an_entity_is_on(string reason, string others, string shown)
    {
        var column = Format.Descendants("View").Single(view => view.Element("Name")!.Value == "HaloIntegrationState").Descendants("ScriptBlock").Single().Value;
        var text = Assert.Single(module.Run($"[pscustomobject]@{{ Reason = {reason}; AlsoEnabledIn = {others} }} | ForEach-Object {{ {column} }}"));
        Assert.Equal(shown, text.BaseObject);
    }

    [Fact]
    public void Every_column_is_a_property_of_its_type()
    {
        var types = module.Run("Get-Command Get-HaloSyncRun")[0].BaseObject is System.Management.Automation.CmdletInfo cmdlet ? cmdlet.ImplementingType.Assembly : null;
        foreach (var view in Format.Descendants("View"))
        {
            var type = types!.GetType(view.Descendants("TypeName").Single().Value, throwOnError: true)!;
            Assert.All(view.Descendants("PropertyName"), property => Assert.NotNull(type.GetProperty(property.Value)));
        }
    }
}
