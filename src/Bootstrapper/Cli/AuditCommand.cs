using System.CommandLine;
using Bootstrapper.Inventory.Audit;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper audit [--node NODE] [--limit COUNT]</c></summary>
internal static class AuditCommand
{
    private static readonly Listing<AuditEntry> Entries = new(entry => entry.Id,
    [
        new("TIME", entry => NodeListing.TimeOf(entry.At)),
        new("AUTHOR", entry => entry.Author),
        new("KIND", entry => entry.AuthorKind, IsWide: true),
        new("MAC", entry => entry.Mac?.ToString() ?? "", IsWide: true),
        new("ID", entry => entry.Id, IsWide: true),
        new("CHANGE", entry => entry.Subject),
        new("REASON", entry => entry.Reason ?? ""),
    ]);

    public static Command Create()
    {
        var node = new Option<string?>("--node")
        {
            HelpName = "NODE",
            Description = "Only changes of this machine; for a forgotten one give the MAC address.",
        };
        node.CompletionSources.Add(context => ApiOptions.NodeNames(context.ParseResult));
        var limit = new Option<int>("--limit", "-n")
        {
            HelpName = "COUNT",
            Description = "Maximum number of changes.",
            DefaultValueFactory = _ => 100,
        };
        return ApiOptions.Command(
            "audit",
            "Shows what was changed, by whom and why, newest first.",
            async (parsed, api, cancellation) =>
                Entries.Write(parsed, await api.AuditAsync(parsed.GetValue(node), parsed.GetValue(limit), cancellation)),
            [node, limit, .. TableOptions.All]);
    }
}
