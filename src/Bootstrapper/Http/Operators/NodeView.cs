using System.Net;
using Bootstrapper.Boot.Diagnosis;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Model;

namespace Bootstrapper.Http.Operators;

/// <summary>The wire form of a machine: what the description says of it, what was seen of it, and what operators noted.</summary>
internal sealed record NodeView
{
    public required MacAddress Mac { get; init; }

    public required string HostName { get; init; }

    public required NodeState State { get; init; }

    /// <summary>What it is doing: its state, and of a machine on its way how far it is.</summary>
    public NodePhase Phase { get; init; }

    /// <summary>Why it failed or is stuck; <c>null</c> where it is neither.</summary>
    public string? Reason { get; init; }

    /// <summary>The part of the reason that is the same for every machine with this fault: no times.</summary>
    public string? Cause { get; init; }

    /// <summary>When it came into this state.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it began to boot, while it does; <c>null</c> where its phase is as old as its state.</summary>
    public DateTimeOffset? PhaseSince { get; init; }

    /// <summary>When anything was last seen of it.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>When its installed system last reported that it had started.</summary>
    public DateTimeOffset? LastBoot { get; init; }

    /// <summary>Whether it is a node of the cluster, by the description or by enrolment.</summary>
    public required bool Planned { get; init; }

    /// <summary>Whether it is a node by enrolment: the description does not name it, and it can be forgotten.</summary>
    public bool Enrolled { get; init; }

    /// <summary>An operator wants it left alone.</summary>
    public required bool Held { get; init; }

    /// <summary>The loop guard's stop: why it boots nothing for now; <c>null</c> where it may boot.</summary>
    public WaitView? Waiting { get; init; }

    /// <summary>A reinstall was asked for and has not begun.</summary>
    public required bool Armed { get; init; }

    /// <summary>It was armed and has not booted from the network since: until then it is given no secret.</summary>
    public bool AwaitsBoot { get; init; }

    /// <summary>Its other network cards, as operators accepted them.</summary>
    public IReadOnlyList<MacAddress> Cards { get; init; } = [];

    /// <summary>Network cards that it says it has, and that no operator accepted: from there it is given no secret.</summary>
    public IReadOnlyList<MacAddress> ClaimedCards { get; init; } = [];

    /// <summary>To whom its secrets went since it was last armed.</summary>
    public IReadOnlyList<Delivery> Deliveries { get; init; } = [];

    /// <summary>Counts the changes; the ETag of this machine.</summary>
    public required int Revision { get; init; }

    /// <summary>In hundredths, while it is being installed.</summary>
    public int? Progress { get; init; }

    /// <summary>Installations begun since it was last armed.</summary>
    public required int Tries { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Message { get; init; }

    public string? Profile { get; init; }

    /// <summary>Of its profile.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Reserved for it, or else leased to it now.</summary>
    public IPAddress? Ip { get; init; }

    public Guid? Uuid { get; init; }

    public string? Serial { get; init; }

    /// <summary><c>kube_master</c>, <c>etcd_member</c>, <c>ingress</c>; none for a worker.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    public string? Channel { get; init; }

    /// <summary>As it last reported.</summary>
    public string? OsVersion { get; init; }

    /// <summary>Identity of the disk that was written.</summary>
    public string? Disk { get; init; }

    /// <summary>As the description says, for that one is spoken to; or else as operators noted it, or the machine says.</summary>
    public IPAddress? Bmc { get; init; }

    /// <summary>How that of the description is spoken to; <c>null</c> where it does not say.</summary>
    public BmcProtocol? BmcProtocol { get; init; }

    public string? ProviderId { get; init; }

    public string? Cabinet { get; init; }

    public string? Position { get; init; }

    /// <summary>The description's, and over them the operators'.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Of its metadata, what who may change machines is told: its token for etcd's discovery.</summary>
    public string? EtcdToken { get; init; }

    /// <summary>What is in it, as its live system reported.</summary>
    public NodeFacts? Facts { get; init; }

    /// <summary>Which of these disks it would be installed on.</summary>
    public DiskChoice? InstallDisk { get; init; }

    public static NodeView Of(
        NodeRecord record,
        Node? node,
        Wait? wait,
        PhaseNow phase,
        IReadOnlyList<string> tags,
        IPAddress? leased,
        DateTimeOffset? lastSeen)
    {
        var details = record.Details ?? NodeDetails.None;
        return new NodeView
        {
            Mac = record.Mac,
            HostName = node?.HostName ?? record.HostName,
            State = record.State,
            Phase = phase.Phase,
            PhaseSince = phase.Since,
            Reason = phase.Trouble?.Reason,
            Cause = phase.Trouble?.Cause,
            Since = record.Since,
            LastSeen = lastSeen,
            LastBoot = record.LastBoot,
            Planned = node is not null,
            Held = record.Held,
            Waiting = wait is null ? null : WaitView.Of(wait),
            Armed = record.Armed,
            AwaitsBoot = record.AwaitsBoot,
            Cards = record.Cards,
            ClaimedCards = [.. record.ClaimedCards],
            Deliveries = record.Deliveries,
            Revision = record.Revision,
            Progress = record.Progress,
            Tries = record.Tries,
            Message = record.Message,
            Profile = node?.Profile,
            Ip = node?.Ip ?? leased,
            Tags = tags,
            Uuid = node?.Uuid ?? record.Facts?.Uuid,
            Serial = node?.Serial?.Value ?? record.Facts?.Serial,
            Roles = RolesOf(node?.Roles ?? NodeRoles.None),
            Channel = node?.Channel,
            OsVersion = record.OsVersion,
            Disk = record.Disk,
            Bmc = node?.Bmc?.Address ?? details.Bmc ?? record.Facts?.Bmc,
            BmcProtocol = node?.Bmc?.Protocol,
            ProviderId = details.ProviderId,
            Cabinet = details.Cabinet,
            Position = details.Position,
            Labels = Labelled(node?.Labels, details.Labels),
            Metadata = details.Metadata?.Where(entry => entry.Key != NodeDetails.EtcdTokenKey)
                .ToDictionary(StringComparer.Ordinal),
            EtcdToken = details.Metadata?.GetValueOrDefault(NodeDetails.EtcdTokenKey),
            Facts = record.Facts,
            InstallDisk = node is null ? null : DiskChoice.Of(node, record.Facts),
        };
    }

    /// <summary>As one with this role may see it.</summary>
    public NodeView For(OperatorRole role) => role >= OperatorRole.Operator ? this : this with { EtcdToken = null };

    private static IReadOnlyList<string> RolesOf(NodeRoles roles) =>
    [
        .. roles.HasFlag(NodeRoles.KubeMaster) ? ["kube_master"] : Array.Empty<string>(),
        .. roles.HasFlag(NodeRoles.EtcdMember) ? ["etcd_member"] : Array.Empty<string>(),
        .. roles.HasFlag(NodeRoles.Ingress) ? ["ingress"] : Array.Empty<string>(),
    ];

    private static SortedDictionary<string, string> Labelled(params IReadOnlyDictionary<string, string>?[] layers)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in layers.SelectMany(layer => layer ?? new Dictionary<string, string>(StringComparer.Ordinal)))
        {
            labels[name] = value;
        }

        return labels;
    }
}

/// <summary>A part of the list of machines.</summary>
/// <param name="Total">How many there are in all that match.</param>
/// <param name="Next">To be given as <c>after</c> for the next page; <c>null</c> on the last.</param>
internal sealed record NodePage(IReadOnlyList<NodeView> Items, int Total, string? Next);
