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
            node, OutputFormat.Option);
    }

    private static void Write(ParseResult parsed, WhyView why)
    {
        if (parsed.GetRequiredValue(OutputFormat.Option) is "json" or "yaml")
        {
            Details.Write(parsed, why);
            return;
        }

        var output = parsed.InvocationConfiguration.Output;
        output.WriteLine($"{why.HostName} is {NodeLifecycle.Name(why.State)}{(why.Held ? ", on hold," : "")} since "
            + $"{NodeListing.TimeOf(why.Since)}.");
        foreach (var finding in why.Findings)
        {
            output.WriteLine($"{finding.Rule}: {finding.Reason}\n  {finding.Remedy}");
        }

        if (why.Findings.Count == 0)
        {
            output.WriteLine("No problem found.");
        }
    }
}
