using System.CommandLine;
using Bootstrapper.Boot.Diagnosis;
using Bootstrapper.Cluster;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Records;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper node …</c></summary>
internal static class NodeCommand
{
    internal static readonly Option<string?> Reason =
        new("--reason") { HelpName = "TEXT", Description = "Why, for the audit trail." };

    public static Command Create() => new("node", "Shows and changes machines.")
    {
        List(),
        Show(),
        NodeSetCommand.Create(),
        NodeReinstallCommand.Create(),
        NodePowerCommand.Power(),
        NodePowerCommand.Boot(),
        NodePowerCommand.Wake(),
        NodeHardwareCommand.Create(),
        NodeConsoleCommand.Create(),
        Declare(),
        Hold(),
        Release(),
        Enrol(),
        Card("accept-card", "Says that a network card is a machine's: from there it is given its secrets."),
        Card("remove-card", "Says that a network card is not a machine's any more."),
        Forget(),
        NodeWhyCommand.Create(),
        NodeLogCommand.Create(),
        NodeWatchCommand.Create(),
        NodeWaitCommand.Create(),
    };

    private static Command List()
    {
        var phase = new Option<string?>("--phase")
        {
            HelpName = "PHASES",
            Description = $"Only those doing this: {string.Join(", ", Enum.GetNames<NodePhase>()).ToLowerInvariant()}.",
        };
        var search = new Option<string?>("--search")
        {
            HelpName = "TEXT",
            Description = "Only machines with this text in the host name, MAC or IP address, serial number, "
                + "profile or a label (name=value).",
        };
        var sort = new Option<string?>("--sort")
        {
            HelpName = "ORDER",
            Description = $"Sort by {string.Join(", ", NodeOrder.Names)}; with - before it in reverse. "
                + $"Default: {NodeOrder.ByHostName}.",
        };
        sort.CompletionSources.Add([.. NodeOrder.Names]);
        return ApiOptions.Command(
            "list",
            "Lists machines.",
            async (parsed, api, cancellation) => NodeListing.Nodes.Write(parsed, await api.NodesAsync(
                new NodeQuery
                {
                    State = parsed.GetValue(NodeSelection.States),
                    Phase = parsed.GetValue(phase),
                    Profile = parsed.GetValue(NodeSelection.Profile),
                    Label = parsed.GetValue(NodeSelection.Labels),
                    Search = parsed.GetValue(search),
                    Sort = parsed.GetValue(sort),
                }, cancellation)),
            [NodeSelection.States, phase, NodeSelection.Profile, NodeSelection.Labels, search, sort, .. TableOptions.All]);
    }

    private static Command Show()
    {
        var node = ApiOptions.Node();
        return ApiOptions.Command(
            "show",
            "Shows everything known about a machine.",
            async (parsed, api, cancellation) =>
                OutputFormat.OfThings.WriteForPrograms(parsed, await api.NodeAsync(parsed.GetRequiredValue(node), cancellation)),
            node, OutputFormat.OfThings);
    }

    private static Command Declare()
    {
        var state = new Option<string>("--state") { HelpName = "STATE", Description = "installed or running.", Required = true };
        state.AcceptOnlyFromAmong("installed", "running");
        var version = new Option<string?>("--os-version") { HelpName = "VERSION", Description = "Version of its system." };
        return Act(
            "state",
            "Sets the state of a machine that was installed by other means, so that it is not installed again.",
            parsed => new StateRequest(
                Enum.Parse<NodeState>(parsed.GetRequiredValue(state), ignoreCase: true),
                parsed.GetValue(version),
                parsed.GetValue(Reason)),
            state, version);
    }

    private static Command Hold() => Act(
        "hold",
        "Holds a machine: it boots its own disk and is not installed, whatever its state.",
        parsed => new ReasonRequest(parsed.GetValue(Reason)));

    private static Command Release() =>
        Act("release", "Releases a hold.", parsed => new ReasonRequest(parsed.GetValue(Reason)));

    private static Command Enrol()
    {
        var name = new Option<string?>("--hostname") { HelpName = "NAME", Description = "Default: its MAC address with dashes." };
        var profile = new Option<string?>("--profile")
        {
            HelpName = "NAME",
            Description = "Default: the first profile that is not full.",
        };
        return Act(
            "enrol",
            "Makes a discovered machine a node of the cluster.",
            parsed => new EnrolRequest(parsed.GetValue(name), parsed.GetValue(profile), parsed.GetValue(Reason)),
            name,
            profile);
    }

    private static Command Forget() => Act(
        "forget",
        "Removes the record of a machine that the description does not name. Requires the admin role.",
        parsed => new ReasonRequest(parsed.GetValue(Reason)));

    private static Command Card(string name, string description)
    {
        var card = new Argument<MacAddress>("CARD")
        {
            Description = "Its MAC address.",
            CustomParser = result =>
            {
                if (!MacAddress.TryParse(result.Tokens[0].Value, null, out var mac))
                {
                    result.AddError(
                        $"invalid CARD: expected a MAC address such as 00:25:90:c0:f7:80, got '{result.Tokens[0].Value}'");
                }

                return mac;
            },
        };
        return Act(
            name, description, parsed => new CardRequest(parsed.GetValue(card), parsed.GetValue(Reason)), card);
    }

    private static Command Act(string name, string description, Func<ParseResult, object> body, params Symbol[] options)
    {
        var node = ApiOptions.Node();
        return ApiOptions.Command(
            name,
            description,
            async (parsed, api, cancellation) =>
            {
                if (await api.ActAsync(parsed.GetRequiredValue(node), name, body(parsed), cancellation) is { } view)
                {
                    NodeListing.Nodes.Write(parsed, [view]);
                }
            },
            [node, .. options, Reason, .. TableOptions.All]);
    }
}
