using Bootstrapper.Host;

namespace Bootstrapper.Inventory.Kubernetes;

/// <summary>A Node object, as far as it tells whether its kubelet is well.</summary>
/// <param name="IsReady">Its condition <c>Ready</c> is <c>True</c>.</param>
/// <param name="Version">Of its kubelet, such as <c>v1.36.2</c>.</param>
/// <param name="Reason">Of that condition, a word such as <c>KubeletNotReady</c>.</param>
/// <param name="Message">Of that condition, a sentence.</param>
/// <param name="Since">When the condition last became what it is.</param>
internal sealed record NodeObject(
    string Name, bool IsReady, string Version, string? Reason, string? Message, DateTimeOffset? Since)
{
    public static NodeObject Of(NodeObjectItem item)
    {
        var ready = item.Status?.Conditions?.FirstOrDefault(condition => condition?.Type == "Ready");
        return new NodeObject(
            Printable.OnOneLine(item.Metadata?.Name ?? ""),
            ready?.Status == "True",
            Printable.OnOneLine(item.Status?.NodeInfo?.KubeletVersion ?? ""),
            ready?.Reason is { } reason ? Printable.OnOneLine(reason) : null,
            ready?.Message is { } message ? Printable.OnOneLine(message) : null,
            ready?.LastTransitionTime);
    }
}

/// <summary>What <c>/api/v1/nodes</c> answers; all else in it is passed over.</summary>
internal sealed record NodeObjectList(ListMetadata? Metadata, IReadOnlyList<NodeObjectItem?>? Items);

/// <param name="Continue">Asks for the next page.</param>
internal sealed record ListMetadata(string? Continue);

internal sealed record NodeObjectItem(ObjectMetadata? Metadata, NodeObjectStatus? Status);

internal sealed record ObjectMetadata(string? Name);

internal sealed record NodeObjectStatus(IReadOnlyList<NodeCondition?>? Conditions, NodeSystemInfo? NodeInfo);

/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
internal sealed record NodeCondition(
    string? Type, string? Status, string? Reason, string? Message, DateTimeOffset? LastTransitionTime);

internal sealed record NodeSystemInfo(string? KubeletVersion);
