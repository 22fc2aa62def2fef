using System.Net;
using System.Net.Sockets;
using Bootstrapper.Doctor;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bootstrapper.Tests.Doctor;

/// <summary>A time server is what answers with a time that it has from somewhere.</summary>
public sealed class NtpProbeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The first two bytes of the answer: alarm, version and mode; stratum.</summary>
    [Theory]
    [InlineData(0x24, 2, 48, true)]
    [InlineData(0x1c, 1, 48, true)] // version 3
    [InlineData(0x24, 15, 68, true)] // signed
    [InlineData(0xe4, 2, 48, false)] // not synchronised
    [InlineData(0x24, 0, 48, false)] // kiss of death
    [InlineData(0x24, 16, 48, false)] // not synchronised either
    [InlineData(0x23, 2, 48, false)] // the question itself, sent back
    [InlineData(0x24, 2, 20, false)]
    public async Task An_answer_counts_that_holds_a_time(byte first, byte stratum, int length, bool expected)
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var serving = ServeAsync(server, [first, stratum, .. new byte[length - 2]], stop.Token);
        Assert.Equal(expected, await NtpProbe.AnswersAsync((IPEndPoint)server.Client.LocalEndPoint!, Cancellation));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving);
    }

    [Fact]
    public async Task Where_nobody_listens_or_answers_there_is_no_time()
    {
        var closed = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var endPoint = (IPEndPoint)closed.Client.LocalEndPoint!;
        closed.Dispose();
        Assert.False(await NtpProbe.AnswersAsync(endPoint, Cancellation));
        using var silent = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.False(await NtpProbe.AnswersAsync((IPEndPoint)silent.Client.LocalEndPoint!, Cancellation));
    }

    [Fact]
    public async Task A_promise_of_time_that_nobody_keeps_is_found_and_shown_while_the_program_runs()
    {
        var nobody = IPAddress.Parse("127.0.99.123");
        var cluster = Sample.Cluster();
        cluster = cluster with { Network = cluster.Network with { NtpServers = [nobody] } };
        var snapshot = new Snapshot(cluster, new Bsroot("/bsroot"), TemplateSet.Of([]));
        var finding = Assert.Single(await TimeServers.CheckAsync(
            new Patient(null!, snapshot, [], TimeProvider.System), Cancellation));
        Assert.Equal(Gravity.Warning, finding.Gravity);
        Assert.Contains("ntp_servers", finding.Remedy, StringComparison.Ordinal);

        var health = new BackgroundHealth();
        using var watch = new TimeServerWatch(
            new CurrentSnapshot(snapshot), health, TimeProvider.System, NullLogger<TimeServerWatch>.Instance);
        await watch.StartAsync(Cancellation);
        await Eventually.True(() => health.Failing.Any(part =>
            part.Key == TimeServers.Name && part.Value.Contains("127.0.99.123", StringComparison.Ordinal)));
        await watch.StopAsync(Cancellation);
    }

    private static async Task ServeAsync(UdpClient server, byte[] answer, CancellationToken stopping)
    {
        while (true)
        {
            var question = await server.ReceiveAsync(stopping);
            Assert.Equal((48, 0x23), (question.Buffer.Length, question.Buffer[0]));
            await server.SendAsync(answer, question.RemoteEndPoint, stopping);
        }
    }
}
