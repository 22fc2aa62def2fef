using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Pki;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Bootstrapper.Tests.Support;

/// <summary>
/// The API server and the member of etcd of one control plane, at its address and their ports, with certificates by which they
/// are known. They answer what the real ones do, as far as it is asked; <c>tests/kubernetes</c> asks the real ones.
/// </summary>
internal sealed class FakeControlPlane : IAsyncDisposable
{
    private const int ApiPort = 6443, EtcdPort = 2379;

    private readonly WebApplication _app;

    private FakeControlPlane(WebApplication app) => _app = app;

    /// <summary>What was asked of the API server, and by whom: <c>CN=bootstrapper GET /readyz?verbose</c>.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Takes connections and requests, and answers none.</summary>
    public bool Hangs { get; set; }

    /// <summary>Checks that fail, such as <c>etcd</c>.</summary>
    public IReadOnlyList<string> FailedChecks { get; set; } = [];

    public string Version { get; set; } = "v1.36.2";

    public IReadOnlyList<object> Nodes { get; set; } = [];

    /// <summary>Who asks may not see the nodes.</summary>
    public bool IsForbidden { get; set; }

    /// <summary>Of etcd; <c>null</c> while it is healthy.</summary>
    public string? Illness { get; set; }

    public string MemberId { get; set; } = "1";

    public string LeaderId { get; set; } = "1";

    /// <summary>As etcd lists them.</summary>
    public IReadOnlyList<object> Members { get; set; } = [];

    /// <param name="address">Where it is, where the node itself has no fixed address.</param>
    /// <param name="authorities">Whose certificates it shows, where it is not one of the daemon's.</param>
    public static async Task<FakeControlPlane> StartAsync(
        TestDaemon daemon, Node node, IPAddress? address = null, Authorities? authorities = null)
    {
        var (at, roots) = (address ?? node.Ip!, authorities ?? daemon.Authorities);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            Listen(kestrel, new(at, ApiPort), node, roots[RootName.Cluster], ClientCertificateMode.AllowCertificate);
            Listen(kestrel, new(at, EtcdPort), node, roots[RootName.Etcd], ClientCertificateMode.RequireCertificate);
        });
        var app = builder.Build();
        var plane = new FakeControlPlane(app);
        app.Run(context => context.Connection.LocalPort == ApiPort ? plane.ApiAsync(context) : plane.EtcdAsync(context));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return plane;
    }

    /// <summary>A Node object, in what the real one has and some that it has beside it.</summary>
    public static object NodeObject(
        string name, string ready = "True", string version = "v1.36.2", string message = "kubelet is well") => new
        {
            metadata = new { name, uid = Guid.NewGuid(), resourceVersion = "812" },
            spec = new { podCIDR = "10.100.1.0/24" },
            status = new
            {
                capacity = new { cpu = "4", memory = "8129852Ki" },
                conditions = new object[]
            {
                new { type = "MemoryPressure", status = "False", reason = "KubeletHasSufficientMemory", message = "enough" },
                new
                {
                    type = "Ready",
                    status = ready,
                    lastHeartbeatTime = "2026-11-20T12:00:00Z",
                    lastTransitionTime = "2026-11-20T11:00:00Z",
                    reason = ready == "True" ? "KubeletReady" : ready == "Unknown" ? "NodeStatusUnknown" : "KubeletNotReady",
                    message,
                },
            },
                nodeInfo = new { kubeletVersion = version, kernelVersion = "6.12.1", osImage = "Flatcar" },
            },
        };

    /// <summary>A member as etcd's gateway lists it.</summary>
    public static object Member(string id, string name, string url, bool isLearner = false) => isLearner
        ? new { ID = id, name, peerURLs = new[] { url }, isLearner }
        : new { ID = id, name, peerURLs = new[] { url } };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Listen(
        KestrelServerOptions kestrel, IPEndPoint at, Node node, CertificateAuthority root, ClientCertificateMode mode)
    {
        var names = new LeafProfile("server") { Addresses = [at.Address], DnsNames = [$"{node.HostName}.lab.test"] };
        var leaf = root.Issue(names, TimeSpan.FromDays(100));
        kestrel.Listen(at, listener => listener.UseHttps(https =>
        {
            https.ServerCertificate = X509Certificate2.CreateFromPem(leaf.CertificatePem, leaf.KeyPem);
            https.ClientCertificateMode = mode;
            https.ClientCertificateValidation = (shown, _, _) => root.AcceptsClient(shown);
        }));
    }

    private async Task ApiAsync(HttpContext context)
    {
        var request = context.Request;
        Asked.Enqueue($"{context.Connection.ClientCertificate?.Subject} {request.Method} {request.Path}{request.QueryString}");
        await HangAsync(context);
        await (request.Path.Value switch
        {
            "/readyz" => ReadyAsync(context),
            "/version" => context.Response.WriteAsJsonAsync(new { major = "1", minor = "36", gitVersion = Version }),
            "/api/v1/nodes" when IsForbidden => AnswerAsync(context, 403, new
            {
                kind = "Status",
                status = "Failure",
                message = "nodes is forbidden: User \"bootstrapper\" cannot list resource \"nodes\"",
                code = 403,
            }),
            "/api/v1/nodes" => context.Response.WriteAsJsonAsync(Page(request.Query["continue"].ToString())),
            _ => AnswerAsync(context, 404, new { kind = "Status", message = "not found" }),
        });
    }

    /// <summary>A few at a time, whatever limit is asked for: a server may give fewer.</summary>
    private object Page(string after)
    {
        const int most = 3;
        var from = after.Length == 0 ? 0 : int.Parse(after, System.Globalization.CultureInfo.InvariantCulture);
        return new
        {
            kind = "NodeList",
            apiVersion = "v1",
            metadata = new { resourceVersion = "1", @continue = from + most < Nodes.Count ? $"{from + most}" : "" },
            items = Nodes.Skip(from).Take(most),
        };
    }

    private async Task ReadyAsync(HttpContext context)
    {
        context.Response.StatusCode = FailedChecks.Count == 0 ? 200 : 500;
        var failed = string.Concat(FailedChecks.Select(check => $"[-]{check} failed: reason withheld\n"));
        await context.Response.WriteAsync($"[+]ping ok\n{failed}readyz check done\n");
    }

    private async Task EtcdAsync(HttpContext context)
    {
        await HangAsync(context);
        await (context.Request.Path.Value switch
        {
            "/health" when Illness is not null => AnswerAsync(context, 503, new { health = "false", reason = Illness }),
            "/health" => AnswerAsync(context, 200, new { health = "true", reason = "" }),
            "/v3/maintenance/status" => context.Response.WriteAsJsonAsync(new
            {
                header = new { member_id = MemberId },
                version = "3.6.8",
                dbSize = "20480",
                leader = LeaderId,
            }),
            "/v3/cluster/member/list" => context.Response.WriteAsync(JsonSerializer.Serialize(new
            {
                header = new { member_id = MemberId },
                members = Members,
            })),
            _ => AnswerAsync(context, 404, new { }),
        });
    }

    private Task HangAsync(HttpContext context) =>
        Hangs ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Task.CompletedTask;

    private static Task AnswerAsync(HttpContext context, int status, object answer)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(answer);
    }
}
