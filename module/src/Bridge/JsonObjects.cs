using System.Linq;
using System.Management.Automation;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Bridge;

/// <summary>JSON as the objects PowerShell works with.</summary>
internal static class JsonObjects
{
    /// <summary>An object as PSObject, a list as array, a value as itself.</summary>
    public static object? From(JToken? token) => token switch
    {
        null => null,
        JObject data => FromObject(data),
        JArray list => list.Select(From).ToArray(),
        JValue { Value: long number } when number is >= int.MinValue and <= int.MaxValue => (int)number,
        JValue value => value.Value,
        _ => token.ToString(),
    };

    private static PSObject FromObject(JObject data)
    {
        var result = new PSObject();
        foreach (var property in data.Properties().Where(property => property.Name.Length > 0))
        {
            result.Properties.Add(new PSNoteProperty(property.Name, From(property.Value)));
        }
        return result;
    }
}
