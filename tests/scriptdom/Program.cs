using System.Text.Json;
using Microsoft.SqlServer.TransactSql.ScriptDom;

// Reads {"name","sql"} a line and answers {"name","errors":[…]} a line, by the grammar of SQL Server 2016.
var parser = new TSql130Parser(initialQuotedIdentifiers: true);
while (Console.In.ReadLine() is { } line)
{
    if (line.Length == 0)
    {
        continue;
    }

    using var statement = JsonDocument.Parse(line);
    using var reader = new StringReader(statement.RootElement.GetProperty("sql").GetString() ?? "");
    parser.Parse(reader, out IList<ParseError> errors);
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        name = statement.RootElement.GetProperty("name").GetString(),
        errors = errors.Select(error => $"{error.Line}:{error.Column} {error.Message}"),
    }));
}
