using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace HaloDBIntegrator.Bridge;

/// <summary>Writes arguments as one command line, as Windows programs take it apart (and .NET does elsewhere).</summary>
internal static class CommandLine
{
    /// <summary>All arguments, each quoted where needed.</summary>
    public static string Join(IEnumerable<string> arguments) => string.Join(" ", arguments.Select(Quote));

    /// <summary>One argument: a backslash counts only before a quote, so those before a quote are doubled.</summary>
    public static string Quote(string argument)
    {
        if (argument.Length > 0 && argument.IndexOfAny(new[] { ' ', '\t', '\n', '\v', '"' }) < 0) return argument;
        var quoted = new StringBuilder("\"");
        var backslashes = 0;
        foreach (var character in argument)
        {
            if (character == '\\')
            {
                backslashes++;
                continue;
            }
            quoted.Append('\\', character == '"' ? (backslashes * 2) + 1 : backslashes);
            quoted.Append(character);
            backslashes = 0;
        }
        return quoted.Append('\\', backslashes * 2).Append('"').ToString();
    }
}
