using System.CommandLine;
using System.Text.Json;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Cli;

/// <summary>One thing with all its values: YAML is what people read most easily.</summary>
internal static class Details
{
    public static void Write<T>(ParseResult parsed, T thing)
    {
        var json = JsonSerializer.SerializeToElement(thing, InventoryFiles.Json);
        parsed.InvocationConfiguration.Output.Write(parsed.GetRequiredValue(OutputFormat.Option) == "json"
            ? JsonSerializer.Serialize(json, InventoryFiles.Json) + "\n"
            : Yaml.Of(json));
    }
}
