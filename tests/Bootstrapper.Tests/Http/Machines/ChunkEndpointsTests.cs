using System.Net;
using System.Security.Cryptography;
using Bootstrapper.Cluster;
using Bootstrapper.FanOut;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Machines;

/// <summary>What machines are told that pass an image on to one another.</summary>
public sealed class ChunkEndpointsTests
{
    private static readonly byte[] Image = RandomNumberGenerator.GetBytes((2 << 20) + 100);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_fetches_what_it_is_told_to_and_tells_others_where_they_find_it()
    {
        await using var daemon = await StartAsync();
        var image = await ImageAsync(daemon);
        using var first = daemon.From($"{Sample.Node(1).Ip}");
        using var second = daemon.From($"{Sample.Node(2).Ip}");

        var manifest = await first.GetStringAsync($"/api/v1/chunks/{image}", Cancellation);
        Assert.Equal(image, Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(manifest))));
        Assert.Equal("tell", await AskAsync(first, 1, $"image={image}"));
        Assert.Equal("wait", await AskAsync(first, 1, $"image={image}&has=&port=8086"));

        var got = new byte[Image.Length];
        var order = await AskAsync(first, 1, $"image={image}");
        for (; order.StartsWith("fetch ", StringComparison.Ordinal);)
        {
            var words = order.Split(' ');
            Assert.StartsWith($"http://127.0.0.1:{daemon.Port}/api/v1/chunks/{image}/", words[3], StringComparison.Ordinal);
            var chunk = await first.GetByteArrayAsync(words[3], Cancellation);
            Assert.Contains(
                $"{Convert.ToHexStringLower(SHA256.HashData(chunk))}  {words[1]}\n", manifest, StringComparison.Ordinal);
            chunk.CopyTo(got, int.Parse(words[1], null) << 20);
            order = await AskAsync(first, 1, $"image={image}&got={words[1]}");
        }

        Assert.Equal("done", order);
        Assert.Equal(Image, got);
        Assert.Contains(
            daemon.Part<Timeline>().Of(Sample.Node(1).Mac),
            seen => seen.Text == "has the image: 3 MiB from here, 0 MiB from 0 machines");

        await AskAsync(second, 2, $"image={image}&has=0,1");
        Assert.Equal($"fetch 2 5 http://{Sample.Node(1).Ip}:8086/2", await AskAsync(second, 2, $"image={image}"));
    }

    [Fact]
    public async Task Nobody_asks_for_another_machine_or_for_what_is_not_there()
    {
        await using var daemon = await StartAsync();
        var image = await ImageAsync(daemon);
        using var other = daemon.From($"{Sample.Node(2).Ip}");
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(
            other.PostAsync($"/api/v1/chunks/{Sample.Node(1).Mac}", null, Cancellation)));
        foreach (var path in new[] { $"{image}/3", $"{image}/-1", new string('0', 64), $"{new string('0', 64)}/0" })
        {
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(other.GetAsync($"/api/v1/chunks/{path}", Cancellation)));
        }

        Assert.Equal("gone", await AskAsync(other, 2, $"image={new string('0', 64)}&has="));
    }

    [Fact]
    public async Task Only_with_fan_out_does_install_sh_know_of_chunks()
    {
        await using var daemon = await StartAsync();
        var image = await ImageAsync(daemon);
        using var first = daemon.From($"{Sample.Node(1).Ip}");
        using var without = daemon.From($"{Sample.Node(3).Ip}");
        Assert.Contains(image, await first.GetStringAsync("/install.sh", Cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain("chunks", await without.GetStringAsync("/install.sh", Cancellation), StringComparison.Ordinal);
    }

    private static async Task<TestDaemon> StartAsync() => await TestDaemon.StartAsync(
        Sample.Cluster(
            Sample.Node(1) with { FanOut = true }, Sample.Node(2) with { FanOut = true }, Sample.Node(3)) with
        {
            Secrets = SecretsPolicy.Address,
            Os = new()
            {
                InstallMethod = InstallMethod.Raw,
                Image = new RawImage("image.raw", Convert.ToHexStringLower(SHA256.HashData(Image))),
            },
        },
        bsroot =>
        {
            Directory.CreateDirectory(bsroot.Www);
            File.WriteAllBytes(Path.Combine(bsroot.Www, "image.raw"), Image);
        });

    private static async Task<string> ImageAsync(TestDaemon daemon)
    {
        await Eventually.True(() => daemon.Part<SharedImages>().Current is not null);
        return daemon.Part<SharedImages>().Current!.Chunks.Digest;
    }

    private static async Task<string> AskAsync(HttpClient client, int node, string words)
    {
        using var form = new StringContent(words, mediaType: new("application/x-www-form-urlencoded"));
        using var answer = await client.PostAsync($"/api/v1/chunks/{Sample.Node(node).Mac}", form, Cancellation);
        return (await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Cancellation)).TrimEnd('\n');
    }

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> answer)
    {
        using var done = await answer;
        return done.StatusCode;
    }
}
