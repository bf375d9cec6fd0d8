#!/usr/bin/env pwsh
# Everything that is done with this repository: see build/help.txt. build.sh is its twin for a POSIX shell.
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false
$env:DOTNET_NOLOGO = 1
$env:DOTNET_CLI_TELEMETRY_OPTOUT = 1
Set-Location $PSScriptRoot

function Show-Help {
    (Get-Content -Raw build/help.txt) -replace 'build\.sh', 'build.ps1'
}

function Invoke-Run($arguments) {
    if (-not (Test-Path (Get-Binary $hostRid)) -or (Test-NewerSource)) {
        Assert-Tool $hostRid
        Publish-File $hostRid
    }
    & (Get-Binary $hostRid) demo @arguments
    Exit-OnFailure
}

function Invoke-Build {
    Assert-Tool $hostRid
    Invoke-Step "SQLite for $hostRid" { node src/native/build-sqlite.mjs $hostRid }
    Build-Web
    Invoke-Step 'types of the tests' { npm run check }
    Invoke-Step 'all projects' { dotnet build Tinyvex.Aot.sln -c Release }
}

function Invoke-Test {
    Invoke-Build
    if (Test-Path artifacts/results) { Remove-Item -Recurse artifacts/results }
    $tests = "artifacts/bin/Tinyvex.Tests/release/Tinyvex.Tests$exe"
    node build/suite.mjs managed $tests
    try {
        Install-NpmPackage
        node build/check-workflows.mjs
    }
    catch { "$_" }
    try {
        Publish-File $hostRid
        $env:TINYVEX_TEST_BINARY = Join-Path $PSScriptRoot (Get-Binary $hostRid)
        node build/suite.mjs native $tests --treenode-filter '/*/(Tinyvex.Tests.EndToEnd)|(Tinyvex.Tests.Storm)/*/*'
        $env:TINYVEX_BINARY = $env:TINYVEX_TEST_BINARY
        node build/suite.mjs npm npx vitest run --root tests/packages
        node build/suite.mjs browser npx playwright test -c tests/browser
        node build/check-artifact.mjs $hostRid --tested
        node build/check-packages.mjs $hostRid
    }
    catch { "$_" }
    finally { $env:TINYVEX_TEST_BINARY = $env:TINYVEX_BINARY = $null }
    node build/sum.mjs managed native npm browser artifact packages workflows
    Exit-OnFailure
}

function Invoke-Publish($arguments) {
    $rid = $hostRid
    if ($arguments[0] -match '^[a-z]') { $rid = $arguments[0] }
    Assert-Tool $rid
    Publish-File $rid
    node build/check-artifact.mjs $rid @($arguments -ne $rid)
    Exit-OnFailure
}

function Invoke-Bench($arguments) {
    $folder = "artifacts/bench/$hostRid"
    Assert-Tool $hostRid
    if (-not (Test-Path (Get-Binary $hostRid)) -or (Test-NewerSource)) { Publish-File $hostRid }
    Invoke-Step 'benchmarks' { dotnet publish tests/Tinyvex.Bench -c Release -r $hostRid -o $folder }
    Invoke-Step 'their peer' { dotnet publish tests/Tinyvex.Bench.Kestrel -c Release -r $hostRid -o $folder }
    & "$folder/Tinyvex.Bench$exe" --server (Get-Binary $hostRid) @arguments
    Exit-OnFailure
}

function Invoke-Soak($arguments) {
    Invoke-Build
    if (-not (Test-Path (Get-Binary $hostRid)) -or (Test-NewerSource)) { Publish-File $hostRid }
    node build/soak.mjs "artifacts/bin/Tinyvex.Tests/release/Tinyvex.Tests$exe" (Join-Path $PSScriptRoot (Get-Binary $hostRid)) @arguments
    Exit-OnFailure
}

function Invoke-Pack($arguments) {
    Assert-Tool $hostRid
    Install-NpmPackage
    if (-not $arguments) { $arguments = $hostRid }
    node build/pack.mjs @arguments
    Exit-OnFailure
    node build/npm-pack.mjs @arguments
    Exit-OnFailure
}

function Invoke-NpmPack($arguments) {
    Assert-Tool $hostRid
    Install-NpmWorkspace
    node build/npm-pack.mjs @arguments
    Exit-OnFailure
}

function Invoke-NpmPublish($arguments) {
    node build/npm-publish.mjs @arguments
    Exit-OnFailure
}

function Invoke-Release($verb, $arguments) {
    node build/release.mjs $verb @arguments
    Exit-OnFailure
}

function Invoke-Format($arguments) {
    Assert-Tool $hostRid
    $check = @(if ($arguments -contains '--check') { '--verify-no-changes' })
    dotnet format Tinyvex.Aot.sln @check
    Exit-OnFailure
}

# The client's protocol.ts out of the contract. A test asks for the same as --check.
function Invoke-Protocol($arguments) {
    Assert-Tool $hostRid
    Invoke-Step 'the contract' { dotnet build src/Tinyvex.Contract.TypeScript -c Release }
    & "artifacts/bin/Tinyvex.Contract.TypeScript/release/Tinyvex.Contract.TypeScript$exe" @arguments
    Exit-OnFailure
}

# What packing and checking the workflows use of others. npm leaves the second file when it is done.
function Install-NpmPackage {
    $installed = Get-Item build/node_modules/.package-lock.json -ErrorAction Ignore
    if ($installed -and $installed.LastWriteTimeUtc -gt (Get-Item build/package-lock.json).LastWriteTimeUtc) { return }
    Invoke-Step 'npm packages' { npm ci --prefix build }
}

# What the packages, the console and their tests use of others.
function Install-NpmWorkspace {
    $installed = Get-Item node_modules/.package-lock.json -ErrorAction Ignore
    if ($installed -and $installed.LastWriteTimeUtc -gt (Get-Item package-lock.json).LastWriteTimeUtc) { return }
    Invoke-Step 'npm workspace' { npm ci }
}

# The packages for clients, and the console, which the server's file takes up. Built anew each time: it takes seconds.
function Build-Web {
    Install-NpmWorkspace
    Invoke-Step 'packages and console' { npm run build }
}

function Publish-File($rid) {
    if (Test-Path "artifacts/$rid") { Remove-Item -Recurse "artifacts/$rid" }
    if (-not (Test-Path src/console/dist/index.html.gz) -or (Test-NewerConsole)) { Build-Web }
    $started = [DateTime]::UtcNow
    Invoke-Step "SQLite for $rid" { node src/native/build-sqlite.mjs $rid }
    Invoke-Step "native file for $rid" { dotnet publish src/Tinyvex.Cli -c Release -r $rid -o "artifacts/$rid" }
    [IO.File]::SetLastWriteTimeUtc((Join-Path $PSScriptRoot (Get-Binary $rid)), $started)
}

function Get-Binary($rid) {
    if ($rid.StartsWith('win')) { "artifacts/$rid/tinyvex.exe" } else { "artifacts/$rid/tinyvex" }
}

function Test-NewerConsole {
    $built = (Get-Item src/console/dist/index.html.gz).LastWriteTimeUtc
    $sources = @(Get-Item package-lock.json) + @(Get-ChildItem src/packages, src/console -Recurse -File | Where-Object { $_.FullName -notmatch '[\\/]dist[\\/]' })
    @($sources | Where-Object { $_.LastWriteTimeUtc -gt $built }).Count -gt 0
}

# Folders count too: their time tells of files that went away. What is built of sources is none.
function Test-NewerSource {
    $built = (Get-Item (Get-Binary $hostRid)).LastWriteTimeUtc
    $sources = @(Get-Item src, global.json, Directory.*.props) + @(Get-ChildItem src -Recurse | Where-Object { $_.FullName -notmatch '[\\/]dist([\\/]|$)' })
    @($sources | Where-Object { $_.LastWriteTimeUtc -gt $built }).Count -gt 0
}

# One line with the time it took; what the command says is in a log, shown when it fails.
function Invoke-Step($name, $command) {
    $log = "artifacts/logs/$($name -replace ' ', '-').log"
    [void][IO.Directory]::CreateDirectory((Join-Path $PSScriptRoot 'artifacts/logs'))
    $clock = [Diagnostics.Stopwatch]::StartNew()
    Write-Host "$name ...".PadRight(32) -NoNewline
    & $command *> $log
    if ($LASTEXITCODE -eq 0) {
        Write-Host ('{0,4:n0} s' -f $clock.Elapsed.TotalSeconds)
        return
    }
    Write-Host ('FAILED after {0:n0} s' -f $clock.Elapsed.TotalSeconds)
    [IO.File]::ReadAllText((Join-Path $PSScriptRoot $log)) | Write-Host
    throw "'$name' failed"
}

function Exit-OnFailure {
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

# Installs what is missing where that is ours to do, and otherwise says how: build.sh knows it for Linux and macOS.
function Assert-Tool($rid) {
    if (-not $IsWindows) {
        bash ./build.sh tools $rid
        Exit-OnFailure
        return
    }
    $missing = @()
    if (-not (Test-Tool dotnet --version)) { $missing += 'Microsoft.DotNet.SDK.10' }
    if (-not (Test-Tool node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)')) { $missing += 'OpenJS.NodeJS.LTS' }
    $vswhere = "${env:ProgramFiles(x86)}/Microsoft Visual Studio/Installer/vswhere.exe"
    if (-not (Test-Path $vswhere)) { $missing += 'Microsoft.VisualStudio.2022.BuildTools' }
    if ($missing) {
        'Something is missing; this installs it (open a new terminal afterwards):'
        "  winget install $missing"
        if ($missing -match 'BuildTools') { "Then add the workload 'Desktop development with C++' in the Visual Studio Installer." }
        exit 1
    }
}

function Test-Tool {
    $command, $arguments = $args
    if (-not (Get-Command $command -ErrorAction Ignore)) { return $false }
    & $command @arguments *> $null
    $LASTEXITCODE -eq 0
}

$os = if ($IsWindows) { 'win' } elseif ($IsMacOS) { 'osx' } else { 'linux' }
$hostRid = "$os-$([Runtime.InteropServices.RuntimeInformation]::OSArchitecture)".ToLowerInvariant()
$exe = if ($IsWindows) { '.exe' } else { '' }
$verb, $rest = $args
$rest = @($rest | Where-Object { $null -ne $_ })
switch ($verb) {
    'run' { Invoke-Run $rest }
    'build' { Invoke-Build }
    'test' { Invoke-Test }
    'publish' { Invoke-Publish $rest }
    'bench' { Invoke-Bench $rest }
    'soak' { Invoke-Soak $rest }
    'pack' { Invoke-Pack $rest }
    'npm-pack' { Invoke-NpmPack $rest }
    'npm-publish' { Invoke-NpmPublish $rest }
    { $_ -in 'check-tag', 'release' } { Invoke-Release $verb $rest }
    'format' { Invoke-Format $rest }
    'protocol' { Invoke-Protocol $rest }
    { $_ -in $null, 'help' } { Show-Help }
    default { "Unknown verb '$verb'."; Show-Help; exit 2 }
}
