using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Management.Automation;
using HaloDBIntegrator.Bridge;
using HaloDBIntegrator.Completion;
using Newtonsoft.Json.Linq;

namespace HaloDBIntegrator.Cmdlets;

/// <summary>Reads from the built-in Halo API: Halo's own JSON objects, straight from its database.</summary>
/// <remarks>
/// The API is built in: it reads Halo's database itself and asks no web server. It has the resources that syncs need, with the parameters of Halo's own
/// API; a list comes as its records. It only reads.
/// </remarks>
/// <example>
/// <code>Invoke-HaloApi Client -Search acme</code>
/// <para>Lists the clients with acme in their name.</para>
/// </example>
/// <example>
/// <code>Invoke-HaloApi Client -Id 12</code>
/// <para>Gives one client with all that is known of it.</para>
/// </example>
/// <example>
/// <code>Invoke-HaloApi Tickets -Query @{ open_only = $true; pageinate = $true; page_size = 20; page_no = 2 }</code>
/// <para>Gives the second page of twenty open tickets.</para>
/// </example>
/// <example>
/// <code>Get-HaloSyncChange 3f2a -Entity Customers | Where-Object Resource -eq Client | Invoke-HaloApi</code>
/// <para>Gives the clients that a run wrote, as they are now.</para>
/// </example>
/// <seealso>Get-HaloDbConfig</seealso>
/// <seealso>Test-HaloDbConfig</seealso>
/// <seealso>about_Halo_Configuration</seealso>
[Cmdlet(VerbsLifecycle.Invoke, "HaloApi")]
[OutputType(typeof(PSObject))]
public sealed class InvokeHaloApiCommand : HaloInstanceCmdlet
{
    /// <summary>The resource, such as Client or Site.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ResourceCompleter))]
    public string Resource { get; set; } = "";

    /// <summary>Only what has this in its name, or in what else the resource is searched by.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Search { get; set; }

    /// <summary>Only the one with this id.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    public long? Id { get; set; }

    /// <summary>More of the resource's query parameters, as Halo names them; one that it does not have is an error.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(QueryCompleter))]
    public Hashtable? Query { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInstance()
    {
        var path = PathOf();
        var data = Ask("api", new JObject { ["method"] = "GET", ["path"] = path }, path);
        foreach (var record in Records(data)) WriteObject(JsonObjects.From(record));
    }

    /// <summary>Halo wraps a list in an object with its count; the records are what is wanted.</summary>
    private static IEnumerable<JToken> Records(JToken data)
    {
        if (data is JArray records) return records;
        if (data is not JObject answer) return new[] { data };
        var lists = answer.Properties().Where(property => property.Value is JArray).ToArray();
        return answer["record_count"] != null && lists.Length == 1 ? (JArray)lists[0].Value : new[] { data };
    }

    private string PathOf()
    {
        var path = "/" + Uri.EscapeDataString(Resource.Trim('/'));
        if (Id != null) path += "/" + Id.Value.ToString(CultureInfo.InvariantCulture);
        var query = new List<string>();
        if (Search != null) query.Add("search=" + Uri.EscapeDataString(Search));
        foreach (DictionaryEntry entry in Query ?? new Hashtable())
        {
            query.Add($"{Uri.EscapeDataString(Text(entry.Key))}={Uri.EscapeDataString(Text(entry.Value))}");
        }
        return query.Count > 0 ? $"{path}?{string.Join("&", query)}" : path;
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value is PSObject wrapped ? wrapped.BaseObject : value, CultureInfo.InvariantCulture) ?? "",
    };
}
