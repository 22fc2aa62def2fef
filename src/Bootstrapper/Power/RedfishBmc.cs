using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Power;

/// <summary>
/// Redfish (DMTF DSP0266): logs in for a session at the first question, and out at the end, for a BMC has room for few sessions.
/// </summary>
/// <param name="loader">URL of what the machine's firmware is to load from the network.</param>
internal sealed class RedfishBmc(BmcSettings bmc, string password, Uri loader, RedfishClient client) : IBmc
{
    private const string Root = "/redfish/v1/";

    /// <summary>Network cards that are asked about: each is a question, and a conversation ends.</summary>
    private const int MostCards = 32;

    /// <summary>For what a BMC must be told, whatever became of the conversation.</summary>
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(5);

    private RedfishMaker? _maker;
    private string? _systemPath;
    private string? _session;

    public async Task<PowerState?> StateAsync(CancellationToken cancellation)
    {
        var system = await SystemAsync(cancellation);
        return system.Power ?? (system.IsChanging ? null : throw Refused("does not say whether the machine is on"));
    }

    public async Task SwitchAsync(PowerChange change, CancellationToken cancellation)
    {
        var system = await SystemAsync(cancellation);
        var path = system.ResetPath ?? throw Refused("offers no reset of the machine");
        var known = system.Resets
            ?? (system.ResetInfoPath is { } info ? RedfishSystem.ResetsOf((await GetAsync(info, cancellation)).Body) : null);
        var type = RedfishSystem.ResetFor(change, known)
            ?? throw Refused($"has no way to do that: it offers {Printable.OnOneLine(string.Join(", ", known!))}");
        var ways = known is null ? RedfishSystem.ResetsFor(change) : [type];
        foreach (var way in ways)
        {
            using var answer = await client.SendAsync(
                HttpMethod.Post, path, new JsonObject { ["ResetType"] = way }, ifMatch: null, cancellation);
            if (answer.StatusCode != HttpStatusCode.BadRequest || way == ways[^1])
            {
                await RedfishClient.DemandAsync(answer, $"reset {way}", cancellation);
                return;
            }
        }
    }

    public async Task<BmcFacts> FactsAsync(CancellationToken cancellation)
    {
        var system = await SystemAsync(cancellation);
        var manager = await OrNothingAsync(RedfishFacts.ManagerPath(system), cancellation);
        var secureBoot = await OrNothingAsync(PathOf(system.Body, "SecureBoot"), cancellation);
        var cards = await OrNothingAsync(PathOf(system.Body, "EthernetInterfaces"), cancellation);
        var interfaces = new List<JsonElement>();
        foreach (var path in cards is { } list ? RedfishFacts.Paths(list, "Members").Take(MostCards) : [])
        {
            if (await OrNothingAsync(path, cancellation) is { } card)
            {
                interfaces.Add(card);
            }
        }

        return RedfishFacts.Of(system, manager, secureBoot, interfaces);
    }

    public async Task<IpmiConsole> ConsoleAsync(bool take, CancellationToken cancellation)
    {
        var offers = string.Join(", ", RedfishFacts.ConsolesOf(await SystemAsync(cancellation)));
        throw new PowerException(
            PowerFailure.NotDescribed,
            "speaks Redfish, which has no serial console. "
                + (offers.Length == 0 ? "It does not say that it offers one otherwise" : $"It offers one by {offers}")
                + ": where it has IPMI over LAN, describe it with protocol: ipmi, and the bootstrapper opens that; by SSH "
                + "it does not");
    }

    public async Task BootOnceAsync(BootDevice device, CancellationToken cancellation)
    {
        var answer = await PatchBootAsync(device, tag => tag, cancellation);
        if (answer.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.PreconditionRequired)
        {
            // somebody else wrote meanwhile; and some take no weak tag, though they give one
            answer.Dispose();
            answer = await PatchBootAsync(
                device, tag => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag, cancellation);
        }

        using (answer)
        {
            await RedfishClient.DemandAsync(answer, "the boot device", cancellation);
        }
    }

    /// <summary>Nobody waits for this in vain: a session that stays ends by itself when its time is up.</summary>
    public async ValueTask DisposeAsync()
    {
        using (client)
        {
            if (_session is { } session)
            {
                using var patience = new CancellationTokenSource(Goodbye);
                try
                {
                    using var answer = await client.SendAsync(
                        HttpMethod.Delete, session, body: null, ifMatch: null, patience.Token);
                }
                catch (Exception e) when (e is PowerException or OperationCanceledException)
                {
                    // it has been said why, if anything was wrong
                }
            }
        }
    }

    private async Task<HttpResponseMessage> PatchBootAsync(
        BootDevice device, Func<string, string> tagAs, CancellationToken cancellation)
    {
        var system = await SystemAsync(cancellation);
        var wish = system.BootOnce(device, bmc, loader, _maker!)
            ?? throw Refused(device == BootDevice.Network && bmc.NetworkBoot is { } way
                ? $"does not offer to boot over {Bmcs.Word(way)} once: leave network_boot out, and it takes the way that it has"
                : $"cannot have the machine boot from the {Bmcs.Word(device)} once");
        return await client.SendAsync(
            HttpMethod.Patch, system.Path, wish, system.Tag is { } tag ? tagAs(tag) : null, cancellation);
    }

    private async Task<RedfishSystem> SystemAsync(CancellationToken cancellation)
    {
        if (_systemPath is null)
        {
            await FindAsync(cancellation);
        }

        var (tag, body) = await GetAsync(_systemPath!, cancellation);
        var system = new RedfishSystem(_systemPath!, tag ?? RedfishSystem.Text(body, "@odata.etag"), body);
        _maker = RedfishMaker.Of(_maker?.Name, system.Manufacturer);
        return system;
    }

    private async Task FindAsync(CancellationToken cancellation)
    {
        var root = (await GetAsync(Root, cancellation)).Body;
        await LogInAsync(
            RedfishSystem.Inner(root, "Links") is { } links ? PathOf(links, "Sessions") : null, cancellation);
        _maker = RedfishMaker.Of(RedfishSystem.Text(root, "Vendor"));
        var systems = (await GetAsync(PathOf(root, "Systems") ?? $"{Root}Systems", cancellation)).Body;
        var members = RedfishFacts.Paths(systems, "Members");
        _systemPath = members is [var only]
            ? only
            : throw Refused($"has {members.Count} systems: expected one, for a BMC of one machine");
    }

    private async Task LogInAsync(string? sessions, CancellationToken cancellation)
    {
        var who = new JsonObject { ["UserName"] = bmc.User, ["Password"] = password };
        using var answer = await client.SendAsync(
            HttpMethod.Post, sessions ?? $"{Root}SessionService/Sessions", who, ifMatch: null, cancellation);
        if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            // not in its own words: they may quote what was sent
            throw new PowerException(
                PowerFailure.NotLetIn,
                $"does not take the user {bmc.User} with the password in {bmc.PasswordFile}: correct either");
        }

        if (!answer.IsSuccessStatusCode)
        {
            throw Refused($"refuses any login now: it answered {(int)answer.StatusCode}; too many sessions, it may be");
        }

        client.Token = answer.Headers.TryGetValues("X-Auth-Token", out var tokens)
            && tokens.FirstOrDefault() is { Length: > 0 } token
            ? token
            : throw Refused("gave no session for a login: expected X-Auth-Token");
        _session = answer.Headers.Location is { } place
            ? place.IsAbsoluteUri ? place.PathAndQuery : place.OriginalString // behind a proxy it may have another name
            : await RedfishClient.TryReadAsync(answer, cancellation) is { } session
                ? RedfishSystem.Text(session, "@odata.id")
            : null;
    }

    /// <summary>What not every BMC has.</summary>
    private async Task<JsonElement?> OrNothingAsync(string? path, CancellationToken cancellation)
    {
        try
        {
            return path is null ? null : (await GetAsync(path, cancellation)).Body;
        }
        catch (PowerException e) when (e.Failure == PowerFailure.Refused)
        {
            return null;
        }
    }

    private async Task<(string? Tag, JsonElement Body)> GetAsync(string path, CancellationToken cancellation)
    {
        using var answer = await client.SendAsync(HttpMethod.Get, path, body: null, ifMatch: null, cancellation);
        await RedfishClient.DemandAsync(answer, path, cancellation);
        return (answer.Headers.TryGetValues("ETag", out var tags) ? tags.FirstOrDefault() : null,
            await RedfishClient.ReadAsync(answer, cancellation));
    }

    private static string? PathOf(JsonElement thing, string name) =>
        RedfishSystem.Inner(thing, name) is { } link ? RedfishSystem.Text(link, "@odata.id") : null;

    private static PowerException Refused(string why) => new(PowerFailure.Refused, why);
}
