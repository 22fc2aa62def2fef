using Bootstrapper.Model;

namespace Bootstrapper.Http.Operators;

/// <summary>The wire form of why a machine boots nothing for now.</summary>
/// <param name="Until">When it is over by itself; <c>null</c> where it is over as soon as what is wrong was fixed.</param>
internal sealed record WaitView(string Reason, string Remedy, DateTimeOffset? Until)
{
    public static WaitView Of(Wait wait) => new(wait.Reason, wait.Remedy, wait.Until);
}
