using System.Runtime.CompilerServices;
using System.Text.Json;
using Bootstrapper.Boot.Diagnosis;
using Bootstrapper.Inventory.Kubernetes;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Power;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Boot;

/// <summary>
/// What was seen of machines that got stuck, and of some that did not, as the program keeps it: <c>Timelines/*.json</c> holds the
/// machine's record, the moment at which somebody asks, and the events.
/// </summary>
internal static class RecordedTimelines
{
    public static IReadOnlyList<string> Names() => [.. Directory.GetFiles(Folder(), "*.json")
        .Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    public static Situation Load(string name)
    {
        var recorded = JsonSerializer.Deserialize<Recorded>(
            File.ReadAllText(Path.Combine(Folder(), $"{name}.json")), InventoryFiles.Json)!;
        var mac = Sample.Node(1).Mac;
        var events = recorded.Events.Select(seen => EarlierEvent.Completed(
            new TimelineEvent(mac, seen.Kind, seen.Text)
            {
                Id = Microseconds(recorded.Record.Since.AddSeconds(seen.At)),
                Addons = seen.Addons,
            }));
        return new Situation(recorded.Record with { Mac = mac }, [.. events], recorded.Record.Since.AddSeconds(recorded.AskedAt))
        {
            Kubernetes = recorded.Kubernetes,
            Power = recorded.Power,
            Signed = recorded.Signed,
            Fetching = recorded.Fetching ?? [],
        };
    }

    private static long Microseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static string Folder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Timelines");

    /// <param name="AskedAt">In seconds after the machine came into its state, as are the events.</param>
    /// <param name="Kubernetes">What Kubernetes has of it, where it was asked.</param>
    /// <param name="Power">What its BMC says, likewise.</param>
    /// <param name="Signed">What it starts with Secure Boot, where it does.</param>
    /// <param name="Fetching">What it is being sent at that moment.</param>
    private sealed record Recorded(
        NodeRecord Record,
        double AskedAt,
        IReadOnlyList<RecordedEvent> Events,
        NodeObjectSeen? Kubernetes = null,
        PowerLook? Power = null,
        SignedFiles? Signed = null,
        IReadOnlyList<string>? Fetching = null);

    private sealed record RecordedEvent(double At, EventKind Kind, string Text, string? Addons = null);
}
