using Bootstrapper.Host;

namespace Bootstrapper.Model;

/// <summary>
/// Why a machine boots nothing for now: the loop guard's stop, in the words that stand on its screen, each one line.
/// </summary>
/// <param name="Reason">What happened; it goes on after "n1 is waiting: ".</param>
/// <param name="Remedy">What somebody who stands before the machine can do.</param>
/// <param name="Until">
/// When the reason is gone by itself; <c>null</c> where it is gone as soon as what is wrong was fixed.
/// </param>
internal sealed record Wait(string Reason, string Remedy, DateTimeOffset? Until = null)
{
    /// <summary>After which a waiting machine asks again by itself; somebody who presses a key need not wait.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    /// <summary>Parts of it come from machines.</summary>
    public IReadOnlyList<string> Screen(string hostName) =>
        [Printable.OnScreen($"{hostName} is waiting: {Reason}."), Printable.OnScreen($"{Remedy}.")];
}
