using System.Net;
using Bootstrapper.Doctor;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Doctor;

/// <summary>A host that does not let itself be looked at ends no check but the one that met it.</summary>
public sealed class ExaminationTests
{
    /// <summary>Whatever a check asks of it throws.</summary>
    private static readonly Patient Impossible = new(null!, null!, null!, null!);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<Exception> Trouble =>
    [
        new DirectoryNotFoundException("why"),
        new UnauthorizedAccessException("why"),
        new AggregateException("why", new IOException()),
        new InvalidOperationException("why"),
        new FormatException("why"),
        new OperationCanceledException("why"),
        new NotSupportedException("why."),
        new ObjectDisposedException(null, "why"),
    ];

    [Fact]
    public async Task Every_check_that_throws_is_a_finding_of_that_name_and_the_others_are_made()
    {
        var findings = await Examination.OfAsync(Impossible, Cancellation);

        Assert.Equal(Examination.Checks.Select(check => check.Name), findings.Select(finding => finding.Check));
        Assert.All(findings, finding => Assert.Equal(Gravity.Warning, finding.Gravity));
        Assert.All(findings, finding => Assert.NotEmpty(finding.Remedy));
    }

    [Theory]
    [MemberData(nameof(Trouble))]
    public async Task Whatever_a_check_throws_is_told_with_its_reason(Exception trouble)
    {
        foreach (var check in new[] { AtOnce(trouble), Later(trouble) })
        {
            var finding = Assert.Single(await check.MakeAsync(Impossible, Cancellation));
            Assert.Equal(("sight", Gravity.Warning), (finding.Check, finding.Gravity));
            Assert.StartsWith("cannot be checked: why", finding.Text);
            Assert.False(finding.Text.EndsWith('.')); // a sentence follows it in the log
        }
    }

    [Fact]
    public async Task An_examination_that_is_called_off_ends()
    {
        using var calledOff = new CancellationTokenSource();
        await calledOff.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Later(new OperationCanceledException(calledOff.Token)).MakeAsync(Impossible, calledOff.Token));
    }

    /// <summary>
    /// In another network namespace than its /sys was mounted in, a program has interfaces that are not in /sys.
    /// </summary>
    [Fact]
    public async Task An_interface_that_sys_does_not_show_is_a_finding()
    {
        var hidden = new LocalInterface("not-in-sys", [IPAddress.Loopback]);
        var patient = new Patient(
            null!, new Snapshot(Sample.Cluster(), new Bsroot("/bsroot"), TemplateSet.Of([])), [hidden], TimeProvider.System);
        var finding = Assert.Single(
            await Examination.Checks.Single(check => check.Name == LinkMtu.Name).MakeAsync(patient, Cancellation));
        Assert.Contains("/sys/class/net/not-in-sys/mtu", finding.Text);
    }

    private static Check AtOnce(Exception trouble) => new("sight", (Patient _) => throw trouble);

    private static Check Later(Exception trouble) => new("sight", async (_, _) =>
    {
        await Task.Yield();
        throw trouble;
    });
}
