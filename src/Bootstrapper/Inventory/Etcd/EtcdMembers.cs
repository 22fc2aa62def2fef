using System.Net;
using System.Text.Json.Serialization;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Model;
using Bootstrapper.Pki;

namespace Bootstrapper.Inventory.Etcd;

/// <summary>
/// How each member of the nodes' etcd is, and whom they have for members: what their <c>/health</c> says, and, by etcd's gRPC
/// gateway, <c>Maintenance.Status</c> and <c>Cluster.MemberList</c>, which they answer without a majority, too.
/// </summary>
internal sealed class EtcdMembers(EtcdHealth health)
{
    /// <param name="described">Those that are to be members.</param>
    /// <param name="addresses">Of hosts that no DNS needs to know.</param>
    /// <exception cref="PkiException">etcd's root has expired.</exception>
    public async Task<IReadOnlyList<EtcdMemberState>> LookAsync(
        IReadOnlyList<Node> described,
        ClusterDescription cluster,
        IReadOnlyDictionary<string, IPAddress> addresses,
        TimeSpan patience,
        CancellationToken cancellation)
    {
        using var client = health.Client(patience, addresses);
        var answers = await Task.WhenAll(described.Select(async node =>
            (Node: node, Answer: await AskAsync(client, EtcdPeer.HostOf(node, cluster), patience, cancellation))));
        var listed = answers.Select(member => member.Answer.Listed).FirstOrDefault(list => list is not null);
        var urls = described.ToDictionary(node => node, node => EtcdPeer.UrlOf(node, cluster));
        return
        [
            .. answers.Select(member => StateOf(member.Node, member.Answer, urls[member.Node], listed)),
            .. (listed ?? []).Where(member => !member.Urls.Any(urls.ContainsValue)).Select(member => new EtcdMemberState(
                member.NameOrUrl, EtcdMemberHealth.NotDescribed, Version: null, Message: null)),
        ];
    }

    private static async Task<Answer> AskAsync(
        RootedClient client, string host, TimeSpan patience, CancellationToken cancellation)
    {
        var status = PostAsync<Status>(client, host, "maintenance/status", cancellation);
        var list = PostAsync<MemberList>(client, host, "cluster/member/list", cancellation);
        string? objection;
        try
        {
            objection = await EtcdHealth.ObjectionAsync(client, host, cancellation);
        }
        catch (Exception e) when (RootedClient.IsNoAnswer(e))
        {
            var silent = await status is null && await list is null;
            return new Answer(RootedClient.WordsOf(e, patience), silent, await status, (await list)?.Known);
        }

        return new Answer(
            objection is null ? null : Printable.OnOneLine(objection), IsSilent: false, await status, (await list)?.Known);
    }

    /// <returns><c>null</c> where it does not answer, or has no gateway.</returns>
    private static async Task<T?> PostAsync<T>(RootedClient client, string host, string what, CancellationToken cancellation)
        where T : class
    {
        try
        {
            using var answer = await client.PostAsync(new Uri($"https://{host}:2379/v3/{what}"), new { }, cancellation);
            return answer.IsSuccessStatusCode ? await RootedClient.ReadAsync<T>(answer, cancellation) : null;
        }
        catch (Exception e) when (RootedClient.IsNoAnswer(e))
        {
            return null;
        }
    }

    /// <param name="listed">As the members list one another; <c>null</c> where none was asked.</param>
    private static EtcdMemberState StateOf(Node node, Answer answer, string url, IReadOnlyList<ListedMember>? listed)
    {
        var known = listed?.FirstOrDefault(member => member.Urls.Contains(url, StringComparer.Ordinal));
        var version = answer.Status?.Version is { } text ? Printable.OnOneLine(text) : null;
        var (state, message) =
            known is null && listed is not null
                ? (EtcdMemberHealth.NoMember, "the others do not list it: it has not joined, or was removed")
            : answer.IsSilent ? (EtcdMemberHealth.Unreachable, answer.Objection)
            : known?.IsLearner == true ? (EtcdMemberHealth.Learner, "it has not caught up, and has no vote yet")
            : answer.Objection is { } objection ? (EtcdMemberHealth.Unhealthy, objection)
            : answer.Status is { Leader: { } leader, Header: { } header } && leader == header.MemberId
                ? (EtcdMemberHealth.Leader, null)
            : (EtcdMemberHealth.Healthy, (string?)null);
        return new EtcdMemberState(node.HostName, state, version, message);
    }

    /// <param name="Objection">Why it is not healthy.</param>
    /// <param name="IsSilent">Whether it answered nothing at all.</param>
    private sealed record Answer(string? Objection, bool IsSilent, Status? Status, IReadOnlyList<ListedMember>? Listed);

    /// <summary>Numbers of 64 bits are texts in JSON of gRPC.</summary>
    private sealed record Status(Header? Header, string? Version, string? Leader);

    private sealed record Header([property: JsonPropertyName("member_id")] string? MemberId);

    private sealed record MemberList(IReadOnlyList<ListedMember?>? Members)
    {
        public IReadOnlyList<ListedMember>? Known => Members?.OfType<ListedMember>().ToList();
    }

    private sealed record ListedMember(string? Name, IReadOnlyList<string?>? PeerUrls, bool IsLearner)
    {
        public IReadOnlyList<string> Urls => [.. (PeerUrls ?? []).OfType<string>()];

        /// <summary>One that has never started has no name.</summary>
        public string NameOrUrl =>
            Printable.OnOneLine(!string.IsNullOrEmpty(Name) ? Name : Urls is [var url, ..] ? url : "without a name");
    }
}

/// <summary>How one member of etcd is.</summary>
/// <param name="Name">Of its node; of one that is not described, the one that etcd has for it.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record EtcdMemberState(string Name, EtcdMemberHealth State, string? Version, string? Message);

/// <summary>What a member of etcd is, as far as it can be told.</summary>
internal enum EtcdMemberHealth
{
    /// <summary>Healthy, and the leader.</summary>
    Leader,

    Healthy,

    /// <summary>It has joined, and has no vote yet.</summary>
    Learner,

    Unhealthy,
    Unreachable,

    /// <summary>It is described, and the members do not list it.</summary>
    NoMember,

    /// <summary>The members list it, and no node is described that it could be.</summary>
    NotDescribed,
}
