using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Xml.Linq;
using HaloDBIntegrator.Help;

// Writes the help that Get-Help shows: what PowerShell itself knows of each cmdlet, with the words of its doc comments.
// Arguments: the module's manifest, the compiler's XML documentation, the file to write; --online and an address where the cmdlets have a page.
if (args.Length is not 3 and not 5 || (args.Length == 5 && args[3] != "--online"))
{
    Console.Error.WriteLine("Usage: <manifest.psd1> <documentation.xml> <help.xml> [--online <address>]");
    return 2;
}

using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
runspace.Open();
using var shell = PowerShell.Create(runspace);
shell.AddScript("param($manifest) Import-Module -Name $manifest -ErrorAction Stop -PassThru").AddArgument(Path.GetFullPath(args[0]));
var module = (PSModuleInfo)shell.Invoke().Single().BaseObject;

var comments = new DocComments(XDocument.Load(args[1]));
var cmdlets = module.ExportedCmdlets.Values.OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal).ToArray();
var missing = new List<string>();
var help = new HelpDocument(comments, missing, args.Length == 5 ? new Uri(args[4]) : null).Write(cmdlets);
if (missing.Count > 0)
{
    Console.Error.WriteLine($"Not described: {string.Join(", ", missing)}");
    return 1;
}

Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(args[2]))!);
help.Save(args[2]);
return 0;
