# shellcheck shell=bash
# What the .NET SDK is told wherever a script starts it. Sourced.

# A first run greets, and makes a certificate for web developers.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
# Without libicu it starts only where it need not know what languages there are; of some that packages speak it then wonders how
# they are written.
[[ $(ldconfig -p) == *libicuuc* ]] || export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 \
    DOTNET_SYSTEM_GLOBALIZATION_PREDEFINED_CULTURES_ONLY=false NoWarn=NETSDK1187
