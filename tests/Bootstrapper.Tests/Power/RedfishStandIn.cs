using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Bootstrapper.Cluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bootstrapper.Tests.Power;

/// <summary>
/// Stands in for a BMC that speaks Redfish, for want of one: sessions, one system, its reset and its boot device, with ETags, as
/// DSP0266 has them. It is as strict as the strictest that we know of.
/// </summary>
internal sealed class RedfishStandIn : IAsyncDisposable
{
    public const string Password = "correct horse battery staple";

    private const string SystemPath = "/redfish/v1/Systems/1";

    private readonly ConcurrentDictionary<string, bool> _sessions = new(StringComparer.Ordinal);
    private readonly X509Certificate2 _certificate;
    private readonly WebApplication _app;
    private int _version = 1;

    private readonly LabMachine? _lab;

    private RedfishStandIn(IPEndPoint at, LabMachine? lab)
    {
        _lab = lab;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=bmc", key, HashAlgorithmName.SHA256); // no name that anybody asks for
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        _certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(at, listen => listen.UseHttps(_certificate)));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>But for logins, such as <c>PATCH /redfish/v1/Systems/1 {"Boot":…}</c>.</summary>
    public ConcurrentQueue<string> Told { get; } = [];

    public bool IsOn { get; set; }

    public string Maker { get; set; } = "Contoso";

    public string[]? ResetTypes { get; set; } = ["On", "ForceOff", "ForceRestart"];

    public string[] Targets { get; set; } = ["None", "Pxe", "Hdd"];

    public JsonObject Overrides { get; } = new()
    {
        ["BootSourceOverrideEnabled"] = "Disabled",
        ["BootSourceOverrideTarget"] = "None",
        ["BootSourceOverrideMode"] = "UEFI",
    };

    /// <summary>Its tags are weak, and it takes only what it would be as a strong one.</summary>
    public bool HasWeakTags { get; set; }

    /// <summary>Takes requests, and answers none.</summary>
    public bool Hangs { get; set; }

    /// <summary>Answers in its place, where it returns <c>true</c>.</summary>
    public Func<HttpContext, Task<bool>> Instead { get; set; } = _ => Task.FromResult(false);

    /// <summary>Before each answer.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Where it says that a session is: in the header, and in the body; with <c>{0}</c> for its number.</summary>
    public (string Location, string Body) Named { get; set; } = ("/redfish/v1/SessionService/Sessions/{0}", "");

    /// <summary>Where it says that its systems are.</summary>
    public string SystemsPath { get; set; } = "/redfish/v1/Systems";

    public int OpenSessions => _sessions.Count;

    public int Logins { get; private set; }

    /// <summary>How many were answered at the same time, at most.</summary>
    public int MostAtOnce { get; private set; }

    public string CertificatePem => _certificate.ExportCertificatePem();

    public BmcSettings Settings => new()
    {
        Address = IPAddress.Loopback,
        Protocol = BmcProtocol.Redfish,
        OwnPort = new Uri(_app.Urls.Single()).Port,
        User = "root",
        PasswordFile = "bmc.password",
        Ca = "bmc.crt",
        Verify = true,
    };

    public static Task<RedfishStandIn> StartAsync() => StartAsync(new(IPAddress.Loopback, 0), lab: null);

    /// <param name="at">Where it answers.</param>
    /// <param name="lab">What it switches; <c>null</c> for nothing.</param>
    public static async Task<RedfishStandIn> StartAsync(IPEndPoint at, LabMachine? lab)
    {
        var standIn = new RedfishStandIn(at, lab);
        await standIn._app.StartAsync();
        return standIn;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private string Tag => $"{(HasWeakTags ? "W/" : "")}\"{_version}\"";

    private async Task AnswerAsync(HttpContext context)
    {
        if (Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        }

        await Task.Delay(Delay, context.RequestAborted);
        if (await Instead(context))
        {
            return;
        }

        var (method, path) = (context.Request.Method, context.Request.Path.Value!);
        var body = method is "POST" or "PATCH" ? (await JsonNode.ParseAsync(context.Request.Body))!.AsObject() : null;
        if (method == "GET" && path == "/redfish/v1/")
        {
            await context.Response.WriteAsJsonAsync(new JsonObject
            {
                ["Vendor"] = Maker,
                ["Systems"] = Link(SystemsPath),
                ["Links"] = new JsonObject { ["Sessions"] = Link("/redfish/v1/SessionService/Sessions") },
            });
        }
        else if (method == "POST" && path == "/redfish/v1/SessionService/Sessions")
        {
            await LogInAsync(context, body!);
        }
        else if (!_sessions.ContainsKey(context.Request.Headers["X-Auth-Token"].ToString()))
        {
            context.Response.StatusCode = 401;
        }
        else
        {
            if (method != "GET")
            {
                Told.Enqueue($"{method} {path} {body?.ToJsonString()}".TrimEnd());
            }

            await AnswerAsync(context, method, path, body);
        }
    }

    private async Task LogInAsync(HttpContext context, JsonObject who)
    {
        if (((string?)who["UserName"], (string?)who["Password"]) != ("root", Password))
        {
            context.Response.StatusCode = 401;
            await context.Response.WriteAsJsonAsync(Error($"the password {who["Password"]} is wrong"));
            return;
        }

        Logins++;
        var token = Guid.NewGuid().ToString("N");
        _sessions[token] = true;
        MostAtOnce = Math.Max(MostAtOnce, _sessions.Count);
        context.Response.StatusCode = 201;
        context.Response.Headers["X-Auth-Token"] = token;
        string Numbered(string place) => place.Replace("{0}", token, StringComparison.Ordinal);
        if (Named.Location.Length > 0)
        {
            context.Response.Headers.Location = Numbered(Named.Location);
        }

        if (Named.Body.Length > 0)
        {
            await context.Response.WriteAsJsonAsync(Link(Numbered(Named.Body)));
        }
    }

    private async Task AnswerAsync(HttpContext context, string method, string path, JsonObject? body)
    {
        switch (method, path)
        {
            case ("DELETE", _) when path.StartsWith("/redfish/v1/SessionService/Sessions/", StringComparison.Ordinal):
                _sessions.TryRemove(path.Split('/')[^1], out _);
                context.Response.StatusCode = 204;
                break;
            case ("GET", "/redfish/v1/Systems"):
                await context.Response.WriteAsJsonAsync(new JsonObject { ["Members"] = new JsonArray(Link(SystemPath)) });
                break;
            case ("GET", SystemPath):
                context.Response.Headers.ETag = Tag;
                await context.Response.WriteAsJsonAsync(System());
                break;
            case ("GET", $"{SystemPath}/ResetActionInfo"):
                await context.Response.WriteAsJsonAsync(new JsonObject
                {
                    ["Parameters"] = new JsonArray(new JsonObject
                    {
                        ["Name"] = "ResetType",
                        ["AllowableValues"] = new JsonArray("On", "ForceOff", "PowerCycle"),
                    }),
                });
                break;
            case ("GET", $"{SystemPath}/EthernetInterfaces"):
                await context.Response.WriteAsJsonAsync(new JsonObject
                {
                    ["Members"] = new JsonArray(Link($"{path}/1"), Link($"{path}/2"), Link($"{path}/gone")),
                });
                break;
            case ("GET", $"{SystemPath}/EthernetInterfaces/1" or $"{SystemPath}/EthernetInterfaces/2"):
                await context.Response.WriteAsJsonAsync(new JsonObject
                {
                    ["Id"] = $"NIC.{path[^1]}",
                    ["MACAddress"] = $"52:54:00:00:00:0{path[^1]}",
                });
                break;
            case ("GET", $"{SystemPath}/SecureBoot"):
                await context.Response.WriteAsJsonAsync(
                    new JsonObject { ["SecureBootEnable"] = true, ["SecureBootCurrentBoot"] = "Enabled" });
                break;
            case ("GET", "/redfish/v1/Managers/1"):
                await context.Response.WriteAsJsonAsync(new JsonObject { ["FirmwareVersion"] = "7.10.30" });
                break;
            case ("PATCH", SystemPath) when context.Request.Headers.IfMatch.ToString() != $"\"{_version}\"":
                context.Response.StatusCode = 412;
                break;
            case ("PATCH", SystemPath):
                foreach (var (name, value) in body!["Boot"]!.AsObject())
                {
                    Overrides[name] = value!.DeepClone();
                }

                _version++;
                context.Response.StatusCode = 204;
                break;
            case ("POST", $"{SystemPath}/Actions/ComputerSystem.Reset"):
                await ResetAsync(context, (string?)body!["ResetType"]);
                break;
            default:
                context.Response.StatusCode = 404;
                break;
        }
    }

    private async Task ResetAsync(HttpContext context, string? type)
    {
        if (type == "On" == IsOn)
        {
            context.Response.StatusCode = 409;
            await context.Response.WriteAsJsonAsync(Error("not in this state of the machine"));
            return;
        }

        await SwitchInLabAsync(type!);
        IsOn = type != "ForceOff";
        context.Response.StatusCode = 204;
    }

    /// <summary>What is to be booted once is booted once.</summary>
    private async Task SwitchInLabAsync(string type)
    {
        if (_lab is null)
        {
            return;
        }

        if (type != "On")
        {
            await _lab.SwitchAsync(on: false, first: null);
        }

        if (type != "ForceOff")
        {
            var once = (string?)Overrides["BootSourceOverrideEnabled"] == "Once";
            await _lab.SwitchAsync(on: true, once && (string?)Overrides["BootSourceOverrideTarget"] == "Pxe" ? "network" : null);
            Overrides["BootSourceOverrideEnabled"] = "Disabled";
        }
    }

    private JsonObject System()
    {
        var boot = Overrides.DeepClone().AsObject();
        boot["BootSourceOverrideTarget@Redfish.AllowableValues"] =
            new JsonArray([.. Targets.Select(one => JsonValue.Create(one))]);
        var reset = new JsonObject { ["target"] = $"{SystemPath}/Actions/ComputerSystem.Reset" };
        if (ResetTypes is { } types)
        {
            reset["ResetType@Redfish.AllowableValues"] = new JsonArray([.. types.Select(one => JsonValue.Create(one))]);
        }
        else
        {
            reset["@Redfish.ActionInfo"] = $"{SystemPath}/ResetActionInfo";
        }

        return new JsonObject
        {
            ["Manufacturer"] = Maker,
            ["Model"] = "Fabulous 3000",
            ["SerialNumber"] = "SN-0042",
            ["UUID"] = "4c4c4544-0042-3010-8052-b4c04f4e4c32",
            ["BiosVersion"] = "2.19.1",
            ["Status"] = new JsonObject { ["Health"] = "OK", ["HealthRollup"] = "Warning" },
            ["EthernetInterfaces"] = Link($"{SystemPath}/EthernetInterfaces"),
            ["SecureBoot"] = Link($"{SystemPath}/SecureBoot"),
            ["Links"] = new JsonObject { ["ManagedBy"] = new JsonArray(Link("/redfish/v1/Managers/1")) },
            ["PowerState"] = IsOn ? "On" : "Off",
            ["SerialConsole"] = new JsonObject
            {
                ["IPMI"] = new JsonObject { ["ServiceEnabled"] = true, ["Port"] = 623 },
                ["SSH"] = new JsonObject { ["ServiceEnabled"] = true, ["Port"] = 22 },
                ["Telnet"] = new JsonObject { ["ServiceEnabled"] = false },
            },
            ["Boot"] = boot,
            ["Actions"] = new JsonObject { ["#ComputerSystem.Reset"] = reset },
        };
    }

    private static JsonObject Link(string path) => new() { ["@odata.id"] = path };

    private static JsonObject Error(string message) => new()
    {
        ["error"] = new JsonObject
        {
            ["message"] = "see below",
            ["@Message.ExtendedInfo"] = new JsonArray(new JsonObject { ["Message"] = message }),
        },
    };
}
