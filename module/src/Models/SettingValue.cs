using System;
using System.Collections;
using System.Linq;
using System.Management.Automation;
using HaloDBIntegrator.Errors;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Models;

/// <summary>A value of PowerShell's as a setting's.</summary>
internal static class SettingValue
{
    /// <summary>Puts it into the parameters of a request, of a number how it was typed as well: 0012 may be meant as a text. Throws SettingValueException.</summary>
    public static void Write(PSObject? given, JObject parameters)
    {
        parameters["value"] = given?.BaseObject switch
        {
            null => JValue.CreateNull(),
            string or bool => new JValue(given.BaseObject),
            SwitchParameter on => on.ToBool(),
            IDictionary reference => Reference(reference),
            IEnumerable list => new JArray(list.Cast<object?>().Select(Text)),
            var number when IsNumber(number) => new JValue(number),
            var other => throw Unfit(other),
        };
        if (given != null && IsNumber(given.BaseObject)) parameters["text"] = LanguagePrimitives.ConvertTo<string>(given);
    }

    private static JObject Reference(IDictionary members)
    {
        var reference = new JObject();
        foreach (DictionaryEntry member in members) reference[Text(member.Key)] = Text(member.Value);
        return reference;
    }

    private static string Text(object? one) => one switch
    {
        PSObject wrapped when wrapped.BaseObject is string || IsNumber(wrapped.BaseObject) => LanguagePrimitives.ConvertTo<string>(wrapped),
        string text => text,
        not null when IsNumber(one) => LanguagePrimitives.ConvertTo<string>(one),
        _ => throw Unfit(one),
    };

    private static bool IsNumber(object value) =>
        value is not Enum && value is IConvertible number && number.GetTypeCode() is >= TypeCode.SByte and <= TypeCode.Decimal;

    private static SettingValueException Unfit(object? value) =>
        new($"{(value == null ? "An empty entry" : $"A {value.GetType().Name}")} is no value of a setting: give a text, a number, $true, $false or a list of texts, and a secret as -Secret.");
}
