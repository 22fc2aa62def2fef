using System.CommandLine;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper node why NODE</c></summary>
internal static class NodeWhyCommand
{
    public static Command Create()
    {
        var node = ApiOptions.Node();
        return ApiOptions.Command(
            "why",
            "Says why a machine is stuck, and what to do about it.",
            async (parsed, api, cancellation) => Write(
                parsed, await api.GetAsync<WhyView>($"{ApiClient.PathOf(parsed.GetRequiredValue(node))}/why", cancellation)),
            node, OutputFormat.OfFindings);
    }

    private static void Write(ParseResult parsed, WhyView why)
    {
        if (OutputFormat.OfFindings.WriteForPrograms(parsed, why))
        {
            return;
        }

        var output = parsed.InvocationConfiguration.Output;
        output.WriteProse($"{why.HostName} {DoneBy(why)} {NodeListing.TimeOf(why.Since)}{(why.Held ? ", and is on hold" : "")}.");
        foreach (var finding in why.Findings)
        {
            output.WriteProse($"{finding.Rule}: {finding.Reason}", hanging: 2);
            output.WriteProse(finding.Remedy, indent: 2, hanging: 2);
        }

        if (why.Findings.Count == 0)
        {
            output.WriteLine("No problem found.");
        }
    }

    private static string DoneBy(WhyView why) => why.State switch
    {
        NodeState.Failed => "failed at",
        NodeState.Discovered => "was discovered at",
        NodeState.Installing => "has been installing since",
        var state => $"has been {NodeLifecycle.Name(state)} since",
    };
}
