using System.Management.Automation;
using Xunit;

namespace HaloDBIntegrator.Tests;

/// <summary>Tests that change the environment of the whole process run while no others do.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

[Collection(Alone.Name)]
public sealed class NodeStartTests(ModuleSession module) : IClassFixture<ModuleSession>
{
    [Fact]
    public void A_Node_that_the_system_does_not_start_is_told_with_what_to_do()
    {
        if (OperatingSystem.IsWindows()) return;
        var node = Path.Combine(Path.GetTempPath(), $"node-{Guid.NewGuid():N}");
        File.WriteAllText(node, "no program");
        var before = Environment.GetEnvironmentVariable("HALO_DB_INTEGRATOR_NODE");
        Environment.SetEnvironmentVariable("HALO_DB_INTEGRATOR_NODE", node);
        try
        {
            var caught = Assert.Single(module.Run("try { Get-HaloIntegration -ConfigPath $config } catch { $_ }"));
            var problem = Assert.IsType<ErrorRecord>(caught.BaseObject);
            Assert.StartsWith("NodeNotStarted", problem.FullyQualifiedErrorId);
            Assert.NotEmpty(problem.ErrorDetails.RecommendedAction);
        }
        finally
        {
            Environment.SetEnvironmentVariable("HALO_DB_INTEGRATOR_NODE", before);
            File.Delete(node);
        }
    }
}
