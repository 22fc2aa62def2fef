using System.CommandLine;
using Bootstrapper.Cluster;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper schema</c></summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var command = new Command("schema", """
            Prints the JSON Schema of cluster-desc.yml, with which editors complete and check while you type.

            Save it beside the file as cluster-desc.schema.json and begin the file with
            # yaml-language-server: $schema=./cluster-desc.schema.json
            """);
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(ClusterDescriptionSchema.Json));
        return command;
    }
}
