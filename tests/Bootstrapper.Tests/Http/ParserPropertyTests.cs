using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Http.Machines;
using Bootstrapper.Http.Operators;
using Bootstrapper.Inventory.Addresses;
using Bootstrapper.Inventory.Etcd;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Matchbox;
using Bootstrapper.Pki;
using Bootstrapper.Registry.Tokens;
using Bootstrapper.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;

namespace Bootstrapper.Tests.Http;

/// <summary>
/// What holds of everything that reads what machines send, whatever they send: it throws nothing but what it says, keeps no more
/// than it was given, and reads back what it wrote. DHCP's lines and the description have theirs beside their readers.
/// </summary>
public sealed class ParserPropertyTests : IDisposable
{
    /// <summary>Of which machines make what they send, and of what breaks it.</summary>
    private static readonly string[] Pieces =
    [
        "52:54:00:00:00:01", "52-54-00-00-00-01", "5254.0000.0001", "01-52-54-00-00-00-01", "525400000001", ":", "-", ".", "&",
        "=", ";", "%", "%00", "%zz", "%c0%ae", "+", "\0", "\n", "\r\n", " ", "{", "}", "[", "]", "\"", "'", "\\", "\\u0000",
        "\\ud800", "é", "\u202e", "0", "9", "-1", "99999999999999999999", "1e999", "null", "true", "mac", "uuid", "nics", "disks",
        "cpus", "memory", "bytes=", ",", "0-", "-5", "repository:", "registry:catalog:*", "pull", "push", "a/b", "../", "Basic ",
        "Og==", "-----BEGIN CERTIFICATE REQUEST-----\n", "-----END CERTIFICATE REQUEST-----\n", "1764150000", "10.0.0.5", "*",
    ];

    private static readonly Arbitrary<string> Sent = Gen.OneOf(
        Gen.Elements(Pieces), Gen.Elements(Pieces).ListOf().Select(string.Concat), ArbMap.Default.GeneratorFor<string>())
        .Select(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""))).ToArbitrary(); // as bytes on the wire

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_MAC_address_is_read_back_in_every_form_and_everything_else_is_none() => ForAll(text =>
    {
        if (MacAddress.TryParse(text, null, out var mac))
        {
            Assert.Equal(12, text.Count(char.IsAsciiHexDigit));
            Assert.InRange(mac.Value, 0UL, 0xffff_ffff_ffffUL);
            var bare = mac.ToString().Replace(":", "", StringComparison.Ordinal);
            foreach (var form in new[] { mac.ToString(), mac.ToHyphenated(), bare })
            {
                Assert.Equal(mac, MacAddress.Parse(form, null));
            }
        }
    });

    [Fact]
    public void A_serial_number_is_kept_as_it_is_or_is_none() => ForAll(text =>
    {
        if (SerialNumber.TryParse(text, null, out var serial))
        {
            Assert.Equal(text.Trim(), serial.Value);
            Assert.Equal(serial, SerialNumber.Parse(serial.ToString(), null));
        }
    });

    [Fact]
    public void A_query_of_matchbox_gives_no_more_labels_than_it_has_pairs_and_no_MAC_address_that_is_none() => ForAll(text =>
    {
        var request = MachineRequest.Parse(text);

        Assert.True(request.Labels.Count <= text.Count('&') + 1);
        Assert.All(
            request.Labels.Where(label => label.Key.Equals("mac", StringComparison.OrdinalIgnoreCase)),
            label => Assert.True(MacAddress.TryParse(label.Value, null, out _)));
    });

    [Fact]
    public void A_scope_of_the_registry_is_read_back_and_asks_for_nothing_that_there_is_not() => ForAll(text =>
    {
        foreach (var scope in RegistryScope.Parse([text]))
        {
            Assert.True(scope.Name.Length <= text.Length);
            Assert.Empty(scope.Actions.Except(["pull", "push", "delete", "*"]));
            Assert.Equal(
                scope.Actions,
                RegistryScope.Parse([$"{scope.Type}:{scope.Name}:{string.Join(',', scope.Actions)}"]).Single().Actions);
        }
    });

    [Fact]
    public void A_login_is_read_whatever_stands_in_its_header_and_a_password_is_read_back() => ForAll(text =>
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.Authorization = text;
        BasicCredentials.PasswordOf(context.Request);

        context.Request.Headers.Authorization = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("u:" + text))}";
        Assert.Equal(text, BasicCredentials.PasswordOf(context.Request));
    });

    [Fact]
    public void Facts_are_refused_as_JSON_is_or_cut_to_size_and_read_back() => ForAll(text =>
    {
        foreach (var sent in new[]
        {
            text,
            $"{{\"vendor\":{JsonSerializer.Serialize(text)},\"disks\":[{{\"name\":{JsonSerializer.Serialize(text)}}}]}}",
            $"{{\"nics\":[{{\"name\":\"e\",\"mac\":{JsonSerializer.Serialize(text)}}}]}}",
            $"{{\"uuid\":{JsonSerializer.Serialize(text)}}}",
        })
        {
            if (Read<NodeFacts>(sent) is { } facts)
            {
                var bounded = facts.Bounded();
                Assert.True((bounded.Vendor ?? "").Length <= 1000);
                Assert.Equal(bounded, Read<NodeFacts>(JsonSerializer.Serialize(bounded, InventoryFiles.Json)));
            }
        }
    });

    [Fact]
    public void A_certificate_request_is_one_or_there_is_an_objection() => ForAll(text =>
    {
        var (request, objection) = SigningRequest.Read(text);
        Assert.Equal(request is null, objection.Length > 0);
    });

    [Fact]
    public void A_certificate_request_with_one_byte_that_is_another_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = new CertificateRequest("CN=system:node:n1", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        Assert.NotNull(SigningRequest.Read(PemEncoding.WriteString("CERTIFICATE REQUEST", der)).Request);
        Prop.ForAll<ushort, byte>((place, flip) =>
        {
            var other = (byte[])der.Clone();
            other[place % der.Length] ^= (byte)(flip | 1);
            Assert.Null(SigningRequest.Read(PemEncoding.WriteString("CERTIFICATE REQUEST", other)).Request);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Leases_are_read_as_far_as_they_can_be() => ForAll(text =>
    {
        var file = _directory.Write("leases", $"{text}\n0 52:54:00:00:00:02 10.0.0.6 * *\n{text} 52:54:00:00:00:03 10.0.0.7\n");
        var leases = new LeaseFile(file, TimeProvider.System);
        Assert.NotNull(leases.Find(IPAddress.Parse("10.0.0.6")));
        leases.Find(IPAddress.Parse("10.0.0.7"));
        Assert.InRange(leases.Current().Count, 1, text.Length + 2);
    });

    [Fact]
    public void What_an_etcd_member_says_is_read_back_after_a_restart() => ForAll(text =>
    {
        var registry = new EtcdRegistry(Path.Combine(_directory.Path, "etcd"));
        Assert.Null(registry.Find(text));
        var token = registry.Create(3)!;
        registry.Set(token, text, text);
        var again = new EtcdRegistry(Path.Combine(_directory.Path, "etcd")).Find(token)!;
        Assert.Equal((text, 3), (Assert.Single(again.Members).Value, again.Size));
        File.Delete(Path.Combine(_directory.Path, "etcd", $"{token}.json"));
    });

    [Fact]
    public void A_broken_file_of_an_etcd_discovery_is_a_token_that_nobody_was_given() => ForAll(text =>
    {
        var token = new string('a', 32);
        Bsroot.Write(Path.Combine(_directory.Path, "etcd", $"{token}.json"), text);
        var found = new EtcdRegistry(Path.Combine(_directory.Path, "etcd")).Find(token);
        Assert.True(found is null || found.Members is not null);
    });

    [Fact]
    public async Task A_range_is_answered_with_what_it_names_or_not_at_all()
    {
        var content = RandomNumberGenerator.GetBytes(1000);
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(), bsroot =>
        {
            Directory.CreateDirectory(Path.Combine(bsroot.Www, "static"));
            File.WriteAllBytes(Path.Combine(bsroot.Www, "static", "file"), content);
        });
        using var client = daemon.From("127.0.0.2");
        Prop.ForAll(Sent, text =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/static/file");
            request.Headers.TryAddWithoutValidation("Range", $"bytes={Printable(text)}");
            using var answer = client.Send(request, TestContext.Current.CancellationToken);
            using var body = new MemoryStream();
            answer.Content.ReadAsStream(TestContext.Current.CancellationToken).CopyTo(body);
            Assert.Contains((int)answer.StatusCode, new[] { 200, 206, 400, 416 });
            if (answer.StatusCode == HttpStatusCode.PartialContent
                && answer.Content.Headers.ContentRange is { From: { } from, To: { } to })
            {
                Assert.Equal(content[(int)from..((int)to + 1)], body.ToArray());
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task A_report_is_taken_or_refused_and_never_a_fault_of_ours()
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster());
        using var client = daemon.From("127.0.0.2");
        Prop.ForAll(Sent, text =>
        {
            foreach (var (type, body) in new[]
            {
                ("application/x-www-form-urlencoded", $"state=installing&message={text}&progress={text}&disk={text}"),
                ("application/x-www-form-urlencoded", text),
                ("application/json", text),
                ("application/json", $"{{\"state\":{JsonSerializer.Serialize(text)},\"{JsonEncodedText.Encode(text)}\":[]}}"),
            })
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/report/52:54:00:00:00:01");
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
                using var answer = client.Send(request, TestContext.Current.CancellationToken);
                Assert.Contains((int)answer.StatusCode, new[] { 200, 400, 409, 413 });
            }
        }).QuickCheckThrowOnFailure();
        Assert.DoesNotContain(daemon.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    private static string Printable(string text) =>
        string.Concat(text.Where(character => character is >= ' ' and < '\u007f'));

    /// <returns><c>null</c> for what is refused as JSON is refused, with a 400.</returns>
    private static T? Read<T>(string text)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, DiscoveryEndpoints.Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void ForAll(Action<string> holds) => Prop.ForAll(Sent, holds).QuickCheckThrowOnFailure();
}
