using System;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Bridge;

/// <summary>JSON as the objects PowerShell works with.</summary>
internal static class JsonObjects
{
    /// <summary>A date with its time as JSON has it. A day alone stays a text: a DateTime would give it an hour.</summary>
    private static readonly Regex Moment = new(@"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$", RegexOptions.CultureInvariant);

    /// <summary>An object as PSObject, a list as array, a date as DateTime, any other value as itself.</summary>
    public static object? From(JToken? token) => token switch
    {
        null => null,
        JObject data => FromObject(data),
        JArray list => list.Select(From).ToArray(),
        JValue { Value: long number } when number is >= int.MinValue and <= int.MaxValue => (int)number,
        JValue { Value: string text } when Moment.IsMatch(text) && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var moment) => moment,
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
