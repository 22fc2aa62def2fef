using System.Globalization;
using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Audit;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;

namespace Bootstrapper.Inventory;

/// <content>What nodes report of themselves.</content>
internal sealed partial class NodeInventory
{
    private const int ProgressStep = 5;

    private readonly Repeats _repeats;

    /// <param name="by">Who reports, for the record.</param>
    /// <returns>Refused, and to be reported again later, where the machine says too much.</returns>
    /// <exception cref="IOException">The change could not be made durable, and was not made.</exception>
    public Step Report(Node node, NodeReport report, Author by)
    {
        var entry = EntryOf(node);
        lock (entry)
        {
            entry.Heard = _time.GetTimestamp();
            var before = Of(node);
            var step = NodeLifecycle.Apply(before, report, node, _time.GetUtcNow());
            return !IsBounded(before, step.Record, report) ? Take(step)
                : entry.Changes.TrySpend(() => Take(step), out var taken) ? taken
                : Take(Step.TooOften(
                    before, $"{before.HostName} reported many changes: report it again later", Entry.ChangesPeriod));

            Step Take(Step step)
            {
                NoteReport(before, step, report, by);
                Keep(entry, node, step.Record, new Wish(by, step.Record.Message ?? ""));
                return step;
            }
        }
    }

    /// <summary>
    /// A pod speaks from its node's address, too, and what is written costs a write and a commit: those that can be reported
    /// without end come out of a bucket.
    /// </summary>
    private static bool IsBounded(NodeRecord before, NodeRecord after, NodeReport report) =>
        (IsTransition(before, after) || report is not { Kubelet: null, Addons: null, Restart: null })
            && NodeLifecycle.MayComeAgain(before, after);

    /// <summary>What a report did not change is seen nowhere else.</summary>
    private void NoteReport(NodeRecord before, Step step, NodeReport report, Author by)
    {
        if (report.ClockAhead is { } ahead)
        {
            NoteFolded(before.Mac, EventKind.Report, by, string.Create(
                CultureInfo.InvariantCulture, $"its clock is {ahead} seconds ahead of ours: one of the two is wrong"));
        }

        if (report.Restart is { } restart && step.Refusal is null)
        {
            NoteFolded(before.Mac, EventKind.Report, by, $"restarts by {restart}");
        }

        if (step.Refusal is not null)
        {
            var kind = step.RetryAfter is null ? EventKind.Refusal : EventKind.Report;
            NoteFolded(before.Mac, kind, by, $"report {NodeLifecycle.Name(report.State)}: {step.Refusal}");
        }
        else if (step.Record.Progress is { } progress && progress / ProgressStep != (before.Progress ?? 0) / ProgressStep)
        {
            _timeline.Add(new TimelineEvent(
                before.Mac, EventKind.Progress, string.Create(CultureInfo.InvariantCulture, $"{progress} %"))
            {
                By = by.Name,
            });
        }
        else if (report.Kubelet is { } kubelet)
        {
            _timeline.Add(new TimelineEvent(before.Mac, EventKind.Report, NodeReport.KubeletPrefix + kubelet)
            {
                By = by.Name,
                Kubelet = kubelet,
            });
        }
        else if (report.Addons is { } addons)
        {
            _timeline.Add(new TimelineEvent(before.Mac, EventKind.Report, NodeReport.AddonsPrefix + addons)
            {
                By = by.Name,
                Addons = addons,
            });
        }
        else if (!IsTransition(before, step.Record) && report is { Progress: null, Restart: null })
        {
            NoteFolded(before.Mac, EventKind.Report, by, $"{NodeLifecycle.Name(report.State)}, once more");
        }
    }

    /// <summary>An installed system has the address with which it was installed, and the description now another.</summary>
    public void NoteFormerAddress(Node node, IPAddress former, Author by) => NoteFolded(
        node.Mac,
        EventKind.Report,
        by,
        $"has {former}, and the description {node.Ip?.ToString() ?? "no ip"}: it keeps its address until it is installed again");

    private void NoteFolded(MacAddress mac, EventKind kind, Author by, string what)
    {
        if (_repeats.Fold(mac, by.Name, what) is { } told)
        {
            _timeline.Add(new TimelineEvent(mac, kind, told) { By = by.Name });
        }
    }
}
