using System;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using HaloDBIntegrator.Scheduling;
using HaloDBIntegrator.Secrets;

namespace HaloDBIntegrator.Windows;

/// <summary>
/// What the engine asks of Windows through .NET, in its own process (edge-js) or in a short one of PowerShell. Each method takes a
/// list of texts and answers rows of texts, in the form edge-js wants; what goes wrong is an exception in Windows' words.
/// </summary>
public sealed class Door
{
    /// <summary>Opens what Windows protected: each text given is a row of its own.</summary>
    /// <param name="words">Texts as -Protect writes them.</param>
    public Task<object> Unprotect(object words) => Answer(words, given => given.Select(one => new object[] { DataProtection.Unprotect(one) }).ToArray());

    /// <summary>Writes an entry of the Event Log.</summary>
    /// <param name="words">Its id (1 to 1000), its kind (information, warning, error) and what it says.</param>
    public Task<object> WriteEvent(object words) => Done(words, given => EventLog.Write(int.Parse(given[0], CultureInfo.InvariantCulture), given[1], given[2]));

    /// <summary>The tasks of the product: name, XML, state, last result, last and next run (yyyy-MM-dd HH:mm:ss, empty where there is none).</summary>
    /// <param name="words">None.</param>
    public Task<object> ListTasks(object words) => Answer(words, _ => TaskSchedulers.Open().List()
        .Select(task => new object[] { task.Name, task.Xml, task.State, task.LastResult.ToString(CultureInfo.InvariantCulture), Time(task.LastRun), Time(task.NextRun) }).ToArray());

    /// <summary>Registers a task under an account that needs no password.</summary>
    /// <param name="words">Its name, its XML, the account's id and kind (service or managed).</param>
    public Task<object> RegisterTask(object words) => Done(words, given =>
        TaskSchedulers.Open().Register(given[0], given[1], new TaskAccount { UserId = given[2], Kind = given[3] }, password: null));

    /// <summary>Starts a task.</summary>
    /// <param name="words">Its name.</param>
    public Task<object> StartTask(object words) => Done(words, given => TaskSchedulers.Open().Start(given[0]));

    /// <summary>Removes a task.</summary>
    /// <param name="words">Its name.</param>
    public Task<object> RemoveTask(object words) => Done(words, given => TaskSchedulers.Open().Remove(given[0]));

    private static Task<object> Done(object words, Action<string[]> work) => Answer(words, given =>
    {
        work(given);
        return new object[0];
    });

    /// <summary>On a thread of its own: edge-js would keep Node's waiting.</summary>
    private static Task<object> Answer(object words, Func<string[], object> work) =>
        Task.Run(() => work(((object[])words).Select(word => (string)word).ToArray()));

    private static string Time(DateTime? time) => time?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
}
