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
    [FactElsewhere("a script that is a program")]
    public void A_Node_that_starts_and_never_speaks_is_not_waited_for_for_ever()
    {
        var problem = ProblemWith(
            "#!/bin/sh\n[ \"$1\" = --version ] && echo v24.0.0 && exit\nexec sleep 600\n",
            ("HALO_DB_INTEGRATOR_START_SECONDS", "1"));
        Assert.StartsWith("EngineSilent", problem.FullyQualifiedErrorId);
    }

    [FactElsewhere("a file that may not be run")]
    public void A_Node_that_the_system_does_not_start_is_told_with_what_to_do()
    {
        Assert.StartsWith("NodeNotStarted", ProblemWith("no program").FullyQualifiedErrorId);
    }

    /// <summary>What a cmdlet says when this is its Node.</summary>
    private ErrorRecord ProblemWith(string program, params (string Name, string Value)[] variables)
    {
        var node = Path.Combine(Path.GetTempPath(), $"node-{Guid.NewGuid():N}");
        File.WriteAllText(node, program);
        if (!OperatingSystem.IsWindows() && program.StartsWith('#')) File.SetUnixFileMode(node, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var set = variables.Append(("HALO_DB_INTEGRATOR_NODE", node)).ToArray();
        var before = set.Select(one => Environment.GetEnvironmentVariable(one.Item1)).ToArray();
        foreach (var (name, value) in set) Environment.SetEnvironmentVariable(name, value);
        try
        {
            var caught = Assert.Single(module.Run("try { Get-HaloIntegration -ConfigPath $config -ErrorAction Stop } catch { $_ }"));
            var problem = Assert.IsType<ErrorRecord>(caught.BaseObject);
            Assert.Contains("Fix: ", problem.ErrorDetails.Message);
            return problem;
        }
        finally
        {
            for (var at = 0; at < set.Length; at++) Environment.SetEnvironmentVariable(set[at].Item1, before[at]);
            File.Delete(node);
        }
    }
}
