using System.Globalization;
using System.Net;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>Who may do what in the registry, tried with the real one, from a node, from beside it and from outside.</summary>
public sealed class RegistryAccessTests : RackTests
{
    private const string Protected = "registry.k8s.io/pause", Tag = "3.10.1", Own = "team/hello";

    private const string OperatorToken = "otto-has-a-long-enough-token", ViewerToken = "vera-has-a-long-enough-token";

    private static readonly RackNode Node = new(1);

    [RackFact]
    public async Task Nobody_without_a_login_changes_anything()
    {
        var digest = Describe();
        await using var program = await StartAsync();
        var outside = await Rack.PlugIntoUplinkAsync();
        var before = Stored();

        foreach (var address in new[] { Node.Address, Rack.Stranger })
        {
            using var nobody = new RegistryGuest(Rack, Rack.Machines, address);
            using var guesser = new RegistryGuest(Rack, Rack.Machines, address, "a-token-that-nobody-has");
            foreach (var guest in new[] { nobody, guesser })
            {
                await AllAreDeniedAsync(guest, Attacks(Protected, digest));
                await AllAreDeniedAsync(guest, Attacks(Own, digest));
            }
        }

        Assert.Equal(before, Stored());
        using var node = new RegistryGuest(Rack, Rack.Machines, Node.Address);
        Assert.Equal(digest, await DigestAsync(node));
        using var stranger = new RegistryGuest(Rack, outside, Rack.Outside);
        await Assert.ThrowsAsync<HttpRequestException>(
            () => stranger.StatusAsync(HttpMethod.Get, $"{Protected}/manifests/{Tag}"));
        await program.SaysAsync($"Denied push of {Protected} in the registry to {Node.Address}: nodes run from this name");
    }

    [RackFact]
    public async Task Operators_write_what_nodes_do_not_run_from_and_admins_everything()
    {
        var digest = Describe();
        await using var program = await StartAsync();
        using var otto = new RegistryGuest(Rack, Rack.Machines, Rack.Stranger, OperatorToken);
        using var vera = new RegistryGuest(Rack, Rack.Machines, Rack.Stranger, ViewerToken);
        using var admin = new RegistryGuest(Rack, Rack.Machines, Rack.Stranger, AdminToken);

        await AllAreDeniedAsync(otto, Attacks(Protected, digest));
        await AllAreDeniedAsync(vera, Attacks(Own, digest));
        await AnUploadGoesOnWithItsTokenAloneAsync(otto);
        Assert.NotEqual(0, (await PushAsync(Protected, OperatorToken, "evil")).ExitCode);
        Assert.Equal(digest, await DigestAsync(otto));
        Assert.Equal(0, (await PushAsync(Own, OperatorToken, "mine")).ExitCode);

        Assert.Equal(HttpStatusCode.OK, await admin.StatusAsync(HttpMethod.Get, "_catalog"));
        Assert.Equal(0, (await PushAsync(Protected, AdminToken, "newer")).ExitCode);
        var newer = await DigestAsync(admin);
        Assert.NotEqual(digest, newer);
        Assert.Equal(HttpStatusCode.Accepted, await admin.StatusAsync(HttpMethod.Delete, $"{Protected}/manifests/{newer}"));
    }

    [RackFact]
    public async Task An_open_registry_takes_what_machines_of_the_network_push_and_no_more()
    {
        var digest = Describe("registry_push: open");
        await using var program = await StartAsync();
        var outside = await Rack.PlugIntoUplinkAsync();
        using var node = new RegistryGuest(Rack, Rack.Machines, Node.Address);
        using var stranger = new RegistryGuest(Rack, outside, Rack.Outside);

        Assert.Equal(0, (await PushAsync(Own, token: null, "from a machine")).ExitCode);
        await AllAreDeniedAsync(node, Attacks(Protected, digest));
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.StatusAsync(HttpMethod.Post, $"{Own}/blobs/uploads/"));
        Assert.Equal(HttpStatusCode.Unauthorized, await node.StatusAsync(HttpMethod.Delete, $"{Own}/manifests/{digest}"));
    }

    [RackFact]
    public async Task Uploads_leave_the_reserve_of_the_disk_alone_and_readyz_says_so()
    {
        const int Small = 64 << 20;
        using var disk = new SmallDisk(Rack.Bsroot.RegistryStorage, Small);
        var digest = Describe();
        await using var program = await StartAsync();

        Assert.NotEqual(0, (await PushAsync(Own, OperatorToken, "too much")).ExitCode);
        await program.SaysAsync(
            $"Denied push of {Own} in the registry to otto: the registry takes no pushes while fewer than 1024 MiB");
        Assert.Contains("takes no pushes while fewer than 1024 MiB", await program.ReadinessAsync(), StringComparison.Ordinal);
        using var node = new RegistryGuest(Rack, Rack.Machines, Node.Address);
        Assert.Equal(digest, await DigestAsync(node));
        await program.TerminateAsync(); // before its disk goes
    }

    /// <summary>
    /// The registry looks at the name in the path, and the token at the name that was asked for: no other spelling may be taken
    /// for the one by one of them alone. Nor may a name that nodes take for another registry's.
    /// </summary>
    [RackFact]
    public async Task A_token_for_one_name_writes_under_no_other_however_that_is_spelled()
    {
        var digest = Describe();
        await using var program = await StartAsync();
        using var otto = new RegistryGuest(Rack, Rack.Machines, Rack.Stranger, OperatorToken);
        Assert.Equal(0, (await PushAsync(Own, OperatorToken, "mine")).ExitCode);
        var (before, upload) = (Stored(), await BeginUploadAsync(otto));
        using var pulled = await otto.SendAsync(HttpMethod.Get, $"{Own}/manifests/{Tag}");
        var manifest = await pulled.Content.ReadAsStringAsync(Cancellation);

        foreach (var (method, path) in Spellings().Append((HttpMethod.Put, $"{Protected}/{upload}")))
        {
            var status = await otto.StatusAsWrittenAsync(method, path, manifest, $"repository:{Own}:pull,push");
            Assert.True(status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError, $"{path}: {status}");
        }

        foreach (var mirrored in new[] { "docker.io/library/hello", "registry_5001/tool", "localhost/a", "ghcr.io" })
        {
            await AllAreDeniedAsync(otto, Attacks(mirrored, digest));
        }

        Assert.Equal(before, Stored().Where(file => !file.Contains("/_uploads/", StringComparison.Ordinal)));
        Assert.Equal(digest, await DigestAsync(otto));
    }

    private static IEnumerable<(HttpMethod Method, string Path)> Spellings() =>
        from name in new[]
        {
            Protected, $"{Own}/../../{Protected}", $"{Own}/%2e%2e/%2e%2e/{Protected}", $"/{Protected}", $"./{Protected}",
            Protected.Replace("/", "%2f", StringComparison.Ordinal), Protected.Replace("/", "//", StringComparison.Ordinal),
            Protected.ToUpperInvariant(), $"{Own}/manifests/../../../{Protected}", $"{Own}%00/../{Protected}",
        }
        from what in new (HttpMethod Method, string Path)[]
        {
            (HttpMethod.Put, $"manifests/{Tag}"),
            (HttpMethod.Put, $"manifests/{Tag}?ns={Own}"),
            (HttpMethod.Post, "blobs/uploads/"),
        }
        select (what.Method, $"{name}/{what.Path}");

    /// <returns>Its path below the name, with what it needs to be gone on with.</returns>
    private static async Task<string> BeginUploadAsync(RegistryGuest guest)
    {
        using var begun = await guest.SendAsync(HttpMethod.Post, $"{Own}/blobs/uploads/");
        var at = $"{begun.Headers.Location}";
        return at[at.IndexOf("blobs/uploads/", StringComparison.Ordinal)..] + $"&digest=sha256:{new string('0', 64)}";
    }

    /// <summary>A token is looked at when a request begins; the request may be as long as it likes.</summary>
    [RackFact]
    public async Task An_upload_that_was_begun_while_there_was_room_ends_where_the_reserve_begins()
    {
        const int Room = 8 << 20;
        using var disk = new SmallDisk(Rack.Bsroot.RegistryStorage, (1024 << 20) + Room + (4 << 20));
        Describe("registry_push: open");
        await using var program = await StartAsync();
        using var node = new RegistryGuest(Rack, Rack.Machines, Node.Address);
        using var begun = await node.SendAsync(HttpMethod.Post, $"{Own}/blobs/uploads/");
        var upload = begun.Headers.Location!.PathAndQuery["/v2/".Length..];

        await Assert.ThrowsAsync<HttpRequestException>(() => node.StatusAsWrittenAsync(
            HttpMethod.Patch, upload, new string('x', 8 * Room), $"repository:{Own}:pull,push"));

        await program.SaysAsync($"Cut off an upload of {Node.Address}: the registry takes no pushes while fewer than 1024 MiB");
        Assert.InRange(new DriveInfo(Rack.Bsroot.RegistryStorage).AvailableFreeSpace, 1016 << 20, 1028 << 20);
        await program.TerminateAsync(); // before its disk goes
    }

    private string AdminToken => File.ReadAllText(Rack.Bsroot.AdminToken).Trim();

    /// <summary>One node, one image that nodes run from in <c>images/</c>, one operator.</summary>
    /// <returns>The image's digest.</returns>
    private string Describe(string more = "")
    {
        Rack.Describe([Node], more);
        Bsroot.Write(Path.Combine(Rack.Bsroot.Operators, "otto.operator"), OperatorToken, Bsroot.SecretFile);
        Bsroot.Write(Path.Combine(Rack.Bsroot.Operators, "vera.viewer"), ViewerToken, Bsroot.SecretFile);
        return OciImage.WriteLayout(Path.Combine(Rack.Bsroot.Images, "pause"), $"{Protected}:{Tag}", [1]);
    }

    /// <summary>
    /// Everything that would write under a name, by tag and by digest, whole and in parts; and the list of all names.
    /// </summary>
    private static IEnumerable<(HttpMethod Method, string Path, string Content)> Attacks(string name, string digest) =>
    [
        (HttpMethod.Post, $"{name}/blobs/uploads/", ""),
        (HttpMethod.Post, $"{name}/blobs/uploads/?digest={digest}", "evil"),
        (HttpMethod.Post, $"{name}/blobs/uploads/?mount={digest}&from={Protected}", ""),
        (HttpMethod.Post, $"{name}/blobs/uploads/?mount={digest}&from={Own}", ""),
        (HttpMethod.Patch, $"{name}/blobs/uploads/{Guid.NewGuid()}", "evil"),
        (HttpMethod.Put, $"{name}/blobs/uploads/{Guid.NewGuid()}?digest={digest}", "evil"),
        (HttpMethod.Put, $"{name}/manifests/{Tag}", "{}"),
        (HttpMethod.Put, $"{name}/manifests/{digest}", "{}"),
        (HttpMethod.Delete, $"{name}/manifests/{digest}", ""),
        (HttpMethod.Delete, $"{name}/manifests/{Tag}", ""),
        (HttpMethod.Delete, $"{name}/blobs/{digest}", ""),
        (HttpMethod.Get, "_catalog", ""),
    ];

    private static async Task AllAreDeniedAsync(
        RegistryGuest guest, IEnumerable<(HttpMethod Method, string Path, string Content)> attacks)
    {
        foreach (var (method, path, content) in attacks)
        {
            Assert.Equal(
                (HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, $"{method} {path}"),
                (await guest.BareStatusAsync(method, path, content),
                    await guest.StatusAsync(method, path, content), $"{method} {path}"));
        }
    }

    /// <summary>An upload that an operator left open is not for the next one who knows its address.</summary>
    private async Task AnUploadGoesOnWithItsTokenAloneAsync(RegistryGuest otto)
    {
        using var begun = await otto.SendAsync(HttpMethod.Post, $"{Own}/blobs/uploads/");
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        using var node = new RegistryGuest(Rack, Rack.Machines, Node.Address);
        Assert.Equal(HttpStatusCode.Unauthorized, await node.StatusAsync(HttpMethod.Patch, $"{begun.Headers.Location}", "evil"));
    }

    private static async Task<string> DigestAsync(RegistryGuest guest)
    {
        using var answer = await guest.SendAsync(HttpMethod.Head, $"{Protected}/manifests/{Tag}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.GetValues("Docker-Content-Digest").Single();
    }

    private async Task<Tool> PushAsync(string name, string? token, string content)
    {
        using var layout = new TemporaryDirectory();
        using var trusted = new TemporaryDirectory();
        trusted.Write("ca.crt", await File.ReadAllTextAsync(Rack.Bsroot.CaCertificate, Cancellation));
        OciImage.WriteLayout(layout.Path, name: null, System.Text.Encoding.UTF8.GetBytes(content));
        string[] login = token is null ? ["--dest-no-creds"] : ["--dest-creds", $"anybody:{token}"];
        return await Tool.RunAsync(Rack.Machines.Command(
            "skopeo",
            ["--insecure-policy", "copy", .. login, "--dest-cert-dir", trusted.Path, $"oci:{layout.Path}",
                $"docker://bootstrapper:5000/{name}:{Tag}"]));
    }

    private List<string> Stored() =>
    [
        .. new DirectoryInfo(Rack.Bsroot.RegistryStorage).EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file =>
                string.Create(CultureInfo.InvariantCulture, $"{file.FullName} {file.Length} {file.LastWriteTimeUtc:O}"))
            .Order(StringComparer.Ordinal),
    ];
}
