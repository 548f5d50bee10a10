using System.Management.Automation;
using Xunit;

namespace HaloDBIntegrator.Tests.Windows;

/// <summary>The real Task Scheduler, in Wine its stand-in; compiled for Windows only.</summary>
public sealed class ComTaskSchedulerTests(ModuleSession module) : IClassFixture<ModuleSession>
{
    [Fact]
    public void Registers_lists_and_removes_a_task()
    {
        var assembly = ((CmdletInfo)module.Run("Get-Command Register-HaloSyncTask")[0].BaseObject).ImplementingType.Assembly;
        dynamic scheduler = Activator.CreateInstance(assembly.GetType("HaloDBIntegrator.Scheduling.ComTaskScheduler", throwOnError: true)!, nonPublic: true)!;
        var face = assembly.GetType("HaloDBIntegrator.Scheduling.ITaskScheduler")!;
        object? Call(string method, params object?[] arguments) => face.GetMethod(method)!.Invoke((object)scheduler, arguments);
        var name = $"test & {Guid.NewGuid():N}";
        var xml = (string)module.Run($"Register-HaloSyncTask '{Path.GetDirectoryName(module.Instance.Settings)}' -Every hourly -Name '{name}' -Account 'LOCAL SERVICE' -AsXml")[0].BaseObject;
        var account = Activator.CreateInstance(assembly.GetType("HaloDBIntegrator.Scheduling.TaskAccount")!)!;
        account.GetType().GetProperty("UserId")!.SetValue(account, "S-1-5-19");
        IEnumerable<string> Names() => ((System.Collections.IEnumerable)Call("List")!).Cast<object>().Select(task => (string)task.GetType().GetProperty("Name")!.GetValue(task)!);
        Call("Register", name, xml, account, null);
        Assert.Contains(name, Names());
        Call("Remove", name);
        Assert.DoesNotContain(name, Names());
    }
}
