//! Common given names, by language or country, as their statistical offices and registries list
//! them; without accents.

/// Names, separated by blanks.
pub(super) const GIVEN: &[&str] = &[
    // English
    "james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony \
     donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas \
     eric jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander raymond patrick jack dennis jerry \
     tyler aaron jose adam nathan henry douglas zachary peter kyle walter ethan jeremy harold keith christian roger noah gerald \
     carl terry sean austin arthur lawrence jesse dylan bryan joe jordan billy bruce albert willie gabriel logan alan juan wayne \
     roy ralph randy eugene vincent russell elijah louis bobby philip johnny bradley oliver liam mason lucas owen caleb \
     isaac evan luke connor hunter cameron wyatt julian levi leo theodore oscar archie alfie charlie freddie harry toby jake \
     callum rhys gareth craig stuart graham nigel trevor clive neil ian simon gavin malcolm duncan angus hamish ewan fraser \
     derek leonard norman stanley fred ernest herbert clarence clyde earl floyd glenn howard hugh jay jim joel leon leroy lloyd \
     marvin melvin milton morris nelson oswald percy rex roland rufus sidney sylvester ted theo tom tony vernon victor virgil \
     wallace warren wesley wilbur mike dave steve bob bill dan matt chris rob nick ben sam alex tim greg jeff ron ken don \
     mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret ashley kimberly \
     emily donna michelle carol amanda melissa deborah stephanie dorothy rebecca sharon laura cynthia amy kathleen angela \
     shirley brenda emma anna pamela nicole samantha katherine christine helen debra rachel carolyn janet maria catherine \
     heather diane olivia julie joyce victoria ruth virginia lauren kelly christina joan evelyn judith andrea hannah megan \
     cheryl jacqueline martha madison teresa gloria sara janice ann kathryn abigail sophia frances jean alice judy isabella \
     julia grace denise amber doris marilyn danielle beverly charlotte natalie theresa diana brittany kayla alexis lori \
     marie tiffany jane jenny annie kate katie kathy kim kristen kristin leah lily lucy lydia lynn mabel maggie mandy \
     marjorie marlene maureen maxine melanie meredith mildred mia molly monica naomi nina nora norma pam pat patty paula \
     peggy penny phyllis rita roberta robin rosa rose rosemary ruby sally shannon sheila sherry sonia stacy sue suzanne sylvia \
     tammy tanya tara tina tracy valerie vanessa vera veronica vicki vivian wanda wendy yolanda yvonne zoe chloe ella ava \
     amelia harper poppy isla freya imogen phoebe florence georgia gemma bethany jade kirsty lorna morag fiona eilidh catriona \
     siobhan debbie becky jess josie ellie millie rosie hattie nicola clare claire leanne joanna joanne hazel heidi holly \
     ian jodie kerry louise lesley bridget brooke caitlin carla carmen carrie cassandra cathy cecilia celia colleen connie courtney \
     crystal cindy daisy dana dawn edith edna eileen elaine eleanor ellen elsie erica erin esther ethel eva faye gail gina \
     ginger gladys glenda gwendolyn harriet ida irene iris ivy jackie jeanette jill joy juanita june kara kristina kristy leslie lois \
     loretta lorraine lucille marcia marian marion marsha miriam misty muriel myra myrtle natasha pauline pearl priscilla \
     ramona regina rhonda rochelle roxanne sabrina sadie serena shelby shelley sophie summer thelma toni tricia trudy ursula velma \
     viola violet wilma debora sherri krystal kaitlyn kelsey paige morgan taylor sydney jasmine destiny brianna haley alyssa \
     mackenzie bailey avery riley peyton autumn kendra latoya keisha tamika ebony shanice aaliyah darnell tyrone deshawn \
     mollie tilly lara skye anya niamh orla saoirse aoife ciara sinead roisin maeve eoin cian oisin fionn padraig seamus \
     declan brendan conor cormac darragh donal eamon finbarr fergus kieran lorcan niall ronan ruairi tadhg dermot grainne \
     nuala mairead deirdre dervla sorcha clodagh muireann ailbhe muhammad rhiannon cerys bronwen megan angharad dafydd \
     gwilym huw ieuan emrys geraint owain bryn jackson aiden jayden carter grayson lincoln hudson easton",
    // German, Austrian, Swiss
    "andreas michael thomas stefan peter wolfgang klaus jurgen juergen dieter hans horst gunter guenter gerhard helmut \
     uwe bernd heinz manfred karl werner rainer frank matthias torsten thorsten markus martin jens ralf sven dirk jorg joerg \
     kai lars lukas leon finn jonas felix maximilian paul elias julian moritz tobias sebastian florian dominik fabian \
     philipp johannes benedikt konrad ludwig otto friedrich wilhelm heinrich hermann ernst kurt rudolf walter erich \
     siegfried gottfried reinhard reiner eberhard ekkehard detlef holger henning hartmut harald guido gregor anton alois \
     franz josef xaver korbinian leopold emil gustav bruno arno armin axel bjorn boris carsten karsten christoph clemens \
     cornelius daniel david denis dominic eckhard egon elmar erik erwin eugen ferdinand fritz georg gerd gernot gunther \
     ingo jakob joachim jochen klemens lothar marcel marco marius mario max nico niklas nils norbert olaf oliver oskar \
     patrick pascal ralph rene richard robert roland rolf rudiger sascha simon steffen theo tim timo till tom udo ulf ulrich \
     urs reto beat ueli volker walther wilfried winfried yannick maria ursula monika petra elisabeth sabine renate helga karin \
     brigitte ingrid erika andrea gisela claudia susanne christa gabriele angelika christine birgit heike martina anna katharina \
     barbara anja katrin silke kerstin stefanie nicole julia sandra melanie tanja daniela sonja ute ulrike cornelia silvia \
     simone manuela bettina beate doris marion marianne rosemarie waltraud gerda hannelore hildegard ilse inge irmgard \
     jutta kathe lieselotte lotte margarete margit marlies mechthild roswitha ruth sigrid traude trude ursel uschi vera \
     wiebke frauke antje anke britta dagmar elke friederike gudrun heidrun hedwig henriette imke johanna josefine judith \
     juliane jana janina jasmin jessica katja kathrin kirsten lena lea leonie lina luisa magdalena maike marie marlene mia \
     miriam nadine nadja natalie nele nina patricia pia ramona rebecca regina rita romy rosa sarah selina sina sophie \
     svenja swantje tatjana tina theresa verena viktoria yvonne annegret annette annika astrid carina carola charlotte \
     christel christiane corinna edith elfriede emma ella emilia ilona ines isabel isabelle jennifer greta hanna",
    // French
    "jean pierre michel andre philippe rene louis alain jacques bernard marcel daniel roger robert paul claude christian \
     henri georges nicolas francois gerard jeanpierre julien christophe laurent patrick pascal thierry olivier stephane \
     frederic sebastien eric david vincent bruno didier dominique guillaume antoine alexandre maxime thomas lucas hugo \
     theo mathieu matthieu romain clement quentin baptiste benoit cedric cyril damien denis emmanuel etienne fabien fabrice \
     florent florian gaetan gilles gregoire guy herve jeremy jerome joel jonathan leo loic luc ludovic marc mathis mickael \
     noel noe pascal raphael regis remi remy serge simon sylvain tristan valentin victor xavier yann yannick yves yvon \
     thibault thibaut arnaud aurelien aubin armand albin adrien gaston gustave emile edouard eugene fernand leon lucien \
     marius raymond maurice roland marie jeanne francoise monique catherine nathalie isabelle jacqueline anne sylvie \
     martine madeleine nicole suzanne helene christine marguerite denise christiane valerie sophie sandrine stephanie \
     veronique celine chantal patricia brigitte annie julie claire laure laurence caroline aurelie emilie camille lea manon \
     chloe ines jade louise lola clara oceane marion pauline mathilde elodie melanie laetitia virginie audrey delphine \
     sabrina severine corinne florence pascale agnes alice amandine anais angelique beatrice bernadette cecile charlene \
     charlotte clementine colette danielle dominique edith elisabeth eliane elise estelle eugenie evelyne fabienne fanny \
     genevieve georgette germaine ginette gisele huguette jocelyne josette josiane juliette justine karine lucie lucienne \
     lydie magali margaux marianne marine marthe maryse michele mireille morgane muriel nadege noemie odette odile paulette \
     raymonde rejane renee rolande romane rosalie simone solange solene sonia therese yolande yvette yvonne zoe ambre \
     fleur capucine apolline melina aya eden maelys maryvonne ghislaine",
    // Spanish and Portuguese
    "antonio manuel jose francisco david juan javier daniel jesus carlos alejandro miguel rafael pedro angel pablo \
     sergio fernando jorge luis alberto alvaro diego adrian raul enrique ramon vicente ivan ruben oscar andres joaquin santiago \
     eduardo victor mario roberto jaime francisco ignacio marcos alfonso salvador ricardo emilio hugo guillermo gabriel \
     julio julian tomas agustin felix gonzalo ismael nicolas samuel esteban cesar arturo rodrigo armando benito bernardo \
     camilo cristian cristobal domingo efrain elias ernesto eugenio fabian federico felipe fidel gerardo german gilberto \
     gustavo hector heriberto hernan homero horacio humberto isidro jacinto javi leandro leonardo leonel lorenzo lucas \
     luciano marcelo mariano martin mateo mauricio maximo moises nestor noe octavio orlando osvaldo pascual patricio paco pepe \
     ramiro reinaldo rene rigoberto rodolfo rogelio rolando roman saul sebastian simon teodoro thiago ulises valentin wilfredo \
     maria carmen ana isabel dolores pilar teresa josefa rosa francisca cristina laura antonia elena marta mercedes lucia \
     concepcion luisa rosario juana paula sara raquel beatriz manuela patricia julia silvia encarnacion irene rocio monica \
     andrea alba angela sonia sandra margarita susana yolanda natalia inmaculada eva marina nuria esther amparo veronica lorena \
     carolina consuelo victoria ines fatima alicia celia claudia daniela esperanza gloria guadalupe ximena jimena leticia liliana \
     lourdes luz magdalena marcela maricela mariana maribel martina matilde miriam noelia norma olga paloma ramona rebeca \
     remedios rosalia ruth sofia soledad valentina valeria vanesa violeta virginia xiomara yesenia catalina camila \
     julieta florencia agustina constanza fernanda gabriela graciela blanca adriana aurora araceli \
     joao jose antonio luis paulo carlos pedro miguel tiago bruno ricardo rui nuno hugo andre filipe goncalo diogo \
     duarte vasco afonso henrique vitor jorge fabio marcio marcos mateus matheus gustavo guilherme caio thiago vinicius murilo \
     leonardo rafael rodrigo renato rogerio wagner wellington washington joaquim manoel caue kaua enzo davi igor danilo otavio \
     ana mariana beatriz ines joana rita sara carolina catarina leonor matilde margarida filipa francisca helena luisa \
     teresa fernanda juliana camila leticia larissa amanda bruna aline vitoria gabriela isabela rafaela luana tania livia \
     melissa clara julieta marisa lurdes fatima graca conceicao otilia adelaide tainara thaina evelyn estevan kauan breno douglas",
    // Italian
    "giuseppe giovanni antonio mario luigi francesco angelo vincenzo pietro salvatore carlo franco domenico bruno paolo \
     michele giorgio aldo sergio luciano alessandro andrea marco matteo lorenzo davide simone federico luca stefano roberto \
     fabio massimo claudio maurizio gianluca gianni filippo riccardo tommaso edoardo leonardo nicola daniele emanuele enrico \
     giacomo gabriele alberto alfredo alberico arturo augusto cesare corrado dario dino donato elio emilio ernesto ettore ezio \
     fausto ferdinando fulvio gaetano gennaro gerardo germano giampiero giancarlo gianfranco gino giulio guido ivano ivo \
     lamberto leone livio manuele marcello mauro mirko mattia nando natale nicolo oreste orlando osvaldo ottavio pasquale \
     patrizio piero raffaele remo renato renzo rocco romano romeo ruggero sandro saverio silvano silvio tiziano tullio \
     ugo umberto valerio vito vittorio maria anna giuseppina rosa angela giovanna teresa lucia carmela caterina francesca \
     antonietta elena concetta rita margherita franca paola giulia chiara sara martina federica alessia valentina silvia \
     elisa alice ilaria laura roberta simona daniela claudia patrizia cristina barbara stefania monica sabrina alessandra \
     antonella donatella emanuela gabriella giada ginevra gioia giorgia graziella ida immacolata isabella ivana leonilda \
     letizia lidia liliana lina loredana lorena luciana luigia luisa maddalena manuela mara marcella mariangela mariella \
     marina marisa marta matilde michela milena mirella miriam nadia nicoletta noemi norma olga ornella palmira pia piera \
     raffaella rebecca renata rosalba rosanna rossella serena sofia sonia tiziana vanessa vera veronica viola virginia vittoria bianca",
    // Dutch and Flemish
    "jan johannes cornelis hendrik willem pieter gerrit jacobus petrus dirk kees piet henk klaas wim joop theo bas bart \
     bram daan sem lucas levi finn luuk thijs jesse tim lars ruben stijn sander jeroen maarten marco erik rob ronald rik \
     joost koen niels tom wouter gijs floris casper jasper jelle mark menno michiel arjan arie bert bob coen dennis egbert \
     evert ferdinand frans freek gerard gert guus hans harm harry hugo huub jaap jos jurgen karel lex marcel mathijs \
     martijn nico olaf onno patrick peter piet rene roel rogier ron ruud sjoerd sybren teun tijs ton tonnie twan victor wilco \
     wessel wubbo bauke sytse maria johanna anna cornelia elisabeth wilhelmina hendrika catharina petronella \
     adriana antonia margaretha sanne lotte anouk fleur femke floor eva julia emma sophie lisa iris roos anne noa \
     esmee maud isa fenna lieke marloes mirjam monique marjolein marieke maaike linda kim ingrid ilse ingeborg hanneke \
     greetje geertje gerda femmie els elly ellen dineke cora corrie claudia carla bianca bep astrid annemarie anneke anja \
     angelique alice trijntje truus thea tineke wilma willemijn yvonne saskia simone sandra renske petra nienke nicole",
    // Nordic
    "lars anders johan per nils carl karl mikael jan hans peter lennart gunnar sven fredrik bengt bo daniel gustav \
     goran magnus ake stefan mats martin leif ulf bjorn erik olof oskar oscar viktor emil axel elias hugo lucas william \
     alexander filip isak ludvig theo arvid vincent kjell kent hakan henrik tobias robert rolf roger rune sture tommy \
     tomas torbjorn urban niklas patrik par pontus rasmus rickard simon sten staffan jens jorgen jesper jonas joakim jorn \
     maria anna margareta elisabeth eva birgitta kristina karin marie ingrid christina sofia linnea kerstin marianne lena \
     helena emma annika johanna inger ulla sara elin cecilia malin ida jenny maja alva ebba wilma saga asa gunilla agneta \
     berit britt barbro camilla carina catarina ewa frida gun gunnel hanna helene jessica josefin julia katarina klara \
     lisa lovisa madeleine matilda monica moa nathalie pernilla pia rebecka sandra siv sofie solveig susanne therese \
     tove ulrika viktoria yvonne astrid ellen elsa freja ole arne knut odd olav kare tor terje thor trond egil \
     geir hakon harald havard ingvar ivar jarle kristian kristoffer lasse magne morten oddvar petter pal rune sigurd sindre \
     steinar stian svein tarjei tore torstein tormod vegard vidar yngve eirik eivind espen frode anne kari randi liv \
     ingeborg hilde heidi hege gro gerd elin ellen bente berit bjorg aud astri turid tone toril silje siri sissel sigrid \
     ragnhild marit mette nina grethe ingunn jorunn jens niels jorgen soren poul torben flemming preben svend thomas \
     christian mads frederik rasmus mikkel magnus emil oliver noah valdemar malthe asger bertram jeppe kasper klaus kim kurt \
     jesper jakob henning finn erling ebbe carsten brian bjarne benny allan kirsten mette hanne lone lene susanne anne helle \
     pia lise gitte inge birthe bodil dorthe charlotte camilla louise maria emilie mathilde caroline josefine laerke \
     sille signe rikke pernille tina trine vibeke juhani johannes olavi antero tapani kalevi tapio matti ilmari mikael \
     pekka jukka kari timo heikki jari juha markku mika antti eino veikko seppo hannu risto esa reijo raimo pentti kalle \
     ville lauri jussi teemu tuomas sami petri pasi marko marja tuula anneli kaarina helena hannele liisa kristiina maarit \
     pirjo ritva leena eeva sirpa paivi riitta tarja merja satu tiina anu minna sari katja kirsi outi sanna salla aino helmi \
     elina noora emmi iida jon sigurdur gudmundur gunnar olafur einar magnus kristjan stefan johann bjarni arni \
     gudrun anna sigridur kristin margret helga ingibjorg sigrun johanna birna hrafn jokull katrin asta solveig ragnar \
     thor leena urho toivo vaino",
    // Polish, Czech, Slovak
    "jan andrzej piotr krzysztof stanislaw tomasz pawel jozef marcin marek michal grzegorz jerzy tadeusz adam lukasz \
     zbigniew ryszard dariusz henryk mariusz kazimierz wojciech robert mateusz marian rafal jacek janusz miroslaw maciej \
     slawomir jaroslaw kamil wieslaw roman wladyslaw jakub artur zdzislaw edward mieczyslaw damian dawid przemyslaw \
     sebastian czeslaw leszek daniel waldemar bartosz bartlomiej boguslaw bogdan filip szymon kacper antoni franciszek \
     aleksander nikodem oskar patryk konrad hubert arkadiusz radoslaw anna maria katarzyna malgorzata agnieszka barbara ewa \
     krystyna elzbieta zofia teresa magdalena joanna janina monika danuta jadwiga aleksandra halina irena beata marta dorota \
     helena karolina grazyna jolanta iwona marianna natalia bozena stanislawa justyna paulina urszula alicja jozefa renata \
     sylwia agata patrycja izabela ewelina wanda weronika wiktoria julia zuzanna hanna maja lena amelia oliwia kinga kamila \
     klaudia emilia edyta aneta lucyna jiri josef pavel martin tomas jaroslav petr miroslav zdenek vaclav frantisek lukas \
     jakub milan karel michal ladislav stanislav david ondrej marek radek vojtech antonin matej filip adam ales bohumil \
     bretislav dalibor dusan emil hynek ivo jindrich kamil libor lubomir ludek lumir milos oldrich patrik premek radim \
     rostislav rudolf slavomir vlastimil vladimir vit zbynek marie jana eva hana lenka katerina lucie vera alena \
     petra veronika jaroslava tereza martina ludmila helena michaela zdenka ivana jitka monika zuzana jarmila jirina \
     barbora marcela ivona dagmar blanka bozena drahomira jolana kristyna kveta milada nikola pavla radka renata romana \
     sarka simona vendula vlasta zdenka peter jozef jan stefan juraj marian miroslav igor rastislav branislav stanislava anezka",
    // South Slavic, Hungarian, Romanian, Baltic, Greek, Albanian
    "ivan marko luka josip tomislav zeljko stjepan ante nikola zoran mario marin goran mladen dario davor dragan dejan \
     milan milos nemanja stefan aleksandar dusan nenad predrag slobodan vladimir zlatko bojan branko danijel darko \
     djordje filip igor jovan jure kresimir lovro matej mateo mijo mirko miroslav niko petar radovan ratko robert \
     sasa sinisa slavko srdjan stipe tihomir vedran vinko zvonimir zdravko ana marija ivana mirjana katarina jelena \
     dragica nada vesna snezana gordana jasna lidija ljiljana marina martina milica mila maja nina olivera petra \
     sandra sanja slavica sonja suzana tamara tanja tatjana vera zeljka zorica biljana branka danica dijana dubravka \
     franc janez anton andrej marjan jozef joze peter alojz bostjan matjaz gregor miha rok ziga primoz tadej \
     uros blaz klemen jernej jost albin jozica marjeta mojca barbara irena mateja alenka spela urska nika ziva neza tjasa \
     laszlo istvan jozsef janos zoltan sandor gabor ferenc attila peter tamas zsolt tibor andras csaba imre lajos \
     gyorgy balazs gyula mihaly karoly robert bela mark david bence adam krisztian norbert gergo daniel akos levente mate \
     szabolcs viktor gellert dezso geza kalman kristof marton miklos pal pongrac roland rudolf vilmos maria erzsebet ilona \
     katalin eva anna zsuzsanna margit judit agnes julianna andrea ildiko erika krisztina iren magdolna monika edit gabriella \
     anita melinda piroska timea szilvia tunde zsofia viktoria eszter reka nora dora noemi hajnalka klara boglarka \
     csilla emese eniko fruzsina gyongyi kinga lilla orsolya petra szandra terez veronika virag zita \
     ion gheorghe vasile constantin alexandru nicolae mihai andrei stefan marian dumitru adrian gabriel florin cristian \
     marius ioan daniel bogdan ionut razvan radu catalin cosmin sorin liviu ovidiu petru traian tudor valentin victor vlad \
     maria ana elena ioana andreea mihaela cristina daniela alina gabriela simona adriana anca raluca roxana oana irina \
     carmen corina diana doina dorina felicia georgeta ileana lavinia liliana loredana luminita madalina magdalena mariana \
     monica nicoleta otilia ramona rodica silvia steliana valentina violeta viorica ivaylo georgi dimitar hristo petar \
     todor stoyan krasimir plamen rumen svetlin emil boyko vasil yordan mariya ivanka elena yordanka penka radka desislava \
     tsvetelina iliana kalina lyubov jonas vytautas antanas tomas juozas petras darius mindaugas gintaras arturas marius ruta \
     janina ona irena rasa egle daiva jurgita kristina rita janis andris juris edgars aivars guntis maris \
     liga inese ilze anita dace juri toomas andres margus urmas rein priit tiit kaja rubija liis kadri \
     giorgos dimitris konstantinos ioannis nikolaos christos panagiotis vasilis athanasios michalis evangelos spyridon \
     antonis anastasios alexandros stavros theodoros petros ilias kostas stelios yannis nikos maria eleni aikaterini \
     vasiliki sofia angeliki georgia dimitra konstantina paraskevi anastasia evangelia ioanna despina katerina \
     eirini christina panagiota fotini arben agim besnik ilir dritan artan bujar gezim valmira mimoza elira",
    // Russian, Ukrainian, Caucasus, Central Asia
    "aleksandr aleksei alexey alexei andrei andrey anatoly anton arkady artem artyom boris dmitri dmitry denis daniil \
     evgeny yevgeny fyodor gennady georgy gleb grigory igor ilya ivan kirill konstantin leonid lev maksim maxim mikhail \
     nikita nikolai nikolay oleg pavel pyotr roman ruslan semyon sergei sergey stanislav stepan svyatoslav timofey timur \
     vadim valentin valery vasily viktor vitaly vlad vladimir vladislav vsevolod vyacheslav yaroslav yegor yuri \
     alexandra alla alina alyona anastasia anastasiya angelina anna antonina daria darya ekaterina elena elizaveta evgenia faina galina \
     inna irina karina kira klavdia ksenia larisa lidia lilia lyubov lyudmila ludmila margarita marina mariya nadezhda \
     natalia natalya nina oksana olga polina raisa sofya svetlana tamara tatiana tatyana ulyana valentina valeria varvara \
     vera veronika viktoria yana yekaterina yelena yulia zhanna zinaida zoya bogdan danylo dmytro mykola mykhailo oleksandr \
     oleksiy petro serhiy taras vasyl volodymyr yuriy andriy hanna halyna iryna kateryna khrystyna lesia mariia nataliia oksana \
     olena solomiia svitlana tetiana yuliia levan giorgi irakli nino tamar ketevan zurab vakhtang armen ashot aram gevorg \
     hayk karen tigran vahan anahit gayane hasmik lusine nare aslan akhmed magomed ramzan shamil zelimkhan aset zulai \
     nursultan yerlan azamat aizhan gulnara dinara aigul layla sabir rustam farid ilgar elchin",
    // Turkish, Arabic, Persian, Hebrew
    "mehmet mustafa ahmet ali huseyin hasan ibrahim ismail osman yusuf murat omer ramazan halil suleyman abdullah mahmut \
     recep salih fatih kadir emre hakan kemal orhan serkan umit yasar burak can cem deniz ege emir enes erdem \
     erkan esat eren furkan gokhan kerem koray levent mert onur ozan selim serdar sinan taner tolga tuncay ugur \
     volkan yigit fatma ayse emine hatice zeynep elif meryem serife zehra sultan hanife merve havva zeliha esra fadime ozlem \
     hacer yasemin hulya cemile sevim gulsum asli aylin ayten bahar banu basak betul burcu buse canan cansu defne derya didem dilek ebru \
     ece ela esma filiz gamze gizem gonca gul gulay hande irem melek melis nazli nermin neslihan nur nuray nurcan \
     pelin pinar selin sevgi sibel songul sule tugba tulay yesim yildiz zuhal \
     mohammed mohammad mohamed muhammed muhammad ahmed ahmad mahmoud mahmud hassan hussein hossein husain omar umar khaled \
     khalid youssef yousef yusef ibrahim ismael tariq tarek karim kareem hamza bilal rashid rasheed saeed said salman samir \
     samer sami walid waleed yasser yasin ziad zaid zayd adel amir ammar anas ayman bassam faisal fadi fahad farid faris \
     fouad ghassan habib hadi hamad hani hatem hisham imad issa jabir jamal jamil jawad kamal khalil mansour marwan mazen \
     mounir mourad munir musa nabil nader nasser nasir nidal nizar osama qasim rami ramzi raed riad ridwan saad sabri \
     salah saleh sharif shadi suleiman taha talal usama wael yahya yaqub zakaria idris abdul abdullah abdelkader abdelaziz \
     abdulrahman abdurrahman fatima aisha ayesha khadija maryam mariam zainab zaynab amina aminah leila laila layla noor \
     nour noura huda hanan hala heba iman jamila karima khadijah lama latifa lina lubna maha malak manal mona muna \
     nadia nada naima najwa nawal rana rania rasha reem rima safiya salma samira sana sawsan shahd siham suad \
     sumaya wafa yasmin yasmine yusra zahra zahraa zakia reza mehdi hamid hamed majid saeid vahid behnam \
     bahram bijan dariush farhad farshid hooman kaveh kamran kian kourosh mahdi masoud mehran milad nima omid \
     parviz pejman ramin sina shahin siavash soheil arash ardeshir azadeh bahar elham farah farzaneh golnaz hengameh \
     leyla mahsa mina mitra nasrin nazanin negar niloufar parisa roya sahar sara shirin simin soraya taraneh yalda \
     yosef moshe avraham yaakov yitzhak shlomo haim chaim eliyahu shimon mordechai menachem uri amit asaf avi \
     boaz doron dov dror eitan eyal gadi gideon gil guy ilan itai itamar lior nadav nir noam ofer ohad omri oren roi ron shai \
     tal tomer yair yaniv yehuda yoav yoni yonatan yuval zvi ariel chaya esther hadas hila inbal liat maayan michal \
     miri noa orit orly rivka ronit shira sigal tamar tzipi yael yaffa yehudit zehava",
    // South Asia
    "raj rahul rohit amit anil sunil sanjay vijay ajay rajesh ramesh suresh mahesh dinesh ganesh mukesh rakesh naresh \
     deepak ashok vinod manoj pramod arun varun tarun kiran ravi raju kumar krishna shiva vishnu arjun karan rohan sohan mohan \
     gopal hari hitesh jitendra narendra surendra virendra rajendra devendra mahendra upendra abhishek abhijit aditya \
     akash akshay alok amar aman amol anand aniket anirudh ankit ankur anuj anurag aravind ashish ashwin atul ayush balaji \
     bharat bhavesh chandan chetan chirag darshan dev dhruv gaurav gautam girish harish harsh hemant himanshu ishaan jagdish \
     jayesh kapil karthik kartik kaushik ketan kishore kunal lakshman lalit madhav manish mayank milind mihir nakul naveen navin \
     neeraj nikhil nilesh nitin pankaj paresh parth piyush prabhu pradeep prakash pranav prasad prashant pratik praveen \
     prem rajan rajat rajiv rajeev raghav ranjit ritesh rishabh rishi sachin sagar samir sameer sandeep sanjeev santosh sarvesh satish saurabh \
     shailesh shankar sharad shashank shekhar shivam shubham siddharth srinivas subhash sudhir sumit sundar surya \
     swapnil tejas uday ujjwal umesh utkarsh vaibhav venkat venkatesh vikas vikram vimal vinay vineet vipin vipul viraj \
     vishal vivek yash yogesh priya pooja neha anjali kavita sunita anita geeta gita sita meena rekha seema shanti lakshmi \
     saraswati parvati radha rani asha usha lata mala maya nisha ritu rita sangeeta savita shobha sushma swati vandana aarti \
     aishwarya akanksha amrita ananya anu anuradha aparna archana arpita bhavna chitra deepa deepika devika divya diya \
     gauri gayatri hema indira isha ishita jaya jyoti kajal kalpana kamala kanchan karishma kavya khushi komal kritika kusum \
     madhuri madhu malini mamta manisha manju meera megha mira mohini mridula namrata nandini nandita neelam neeta nidhi nikita \
     nirmala padma pallavi payal pinky poonam prachi pragya pratibha preeti prerna puja purnima pushpa rachna radhika raksha \
     rashmi reena renu reshma riya roshni ruchi rupa sadhana sakshi sandhya sanjana sapna sarita shalini sharmila sheetal \
     shikha shilpa shraddha shreya shruti shweta simran smita sneha sonal sonali sonia srishti sudha sujata suman supriya surbhi tanvi \
     tanya trupti uma urmila vaishali vaishnavi varsha vasudha veena vidya vimala yamini imran asif arif farhan faizan \
     iqbal irfan javed junaid kashif naveed nadeem parvez rizwan saif sajid shahid shakeel shoaib tahir usman wasim zafar \
     zahid zubair farah farzana nasreen parveen rabia rukhsana saba sadia saima sana shabana shazia sobia tahira uzma \
     gurpreet harpreet jaspreet manpreet navjot rajinder sukhwinder baljit balwinder amarjit paramjit kuldeep jasleen",
    // East and South-East Asia, in Latin letters
    "hiroshi takashi kenji akira kazuo satoshi takeshi yuki haruto sota yuto haruki hayato kaito ren riku shota sho daiki \
     daisuke eiji goro hideki hideo hiroki hiroto hiroyuki ichiro isamu jiro junichi jun katsu kazuki kazuya keita ken kenichi \
     kenta koichi koji kosuke makoto manabu masahiro masaki masao masaru masashi minoru mitsuo naoki naoto nobu noboru osamu \
     ryo ryota ryu saburo seiji shigeru shin shinichi shinji shiro shuichi shun susumu tadashi taichi takahiro takao takeo \
     takuya taro tatsuya tetsuo tetsuya tomohiro toru toshi toshio tsubasa tsuyoshi yasuo yoichi yoshi yoshio yosuke yuji yukio \
     yuta yutaka yoko keiko michiko kazuko sachiko haruko akiko tomoko yuko naomi yumi mayumi megumi emi miki aoi hina \
     yui sakura rin mei akane asuka ayaka ayako ayumi chie chieko chika eiko eri eriko etsuko fumiko hana hanako harumi \
     hikari hiroko hisako hitomi honoka izumi junko kaori kaoru kazumi kimiko kiyoko kumiko kyoko mai maki mami mana manami mao mari \
     mariko masako mayuko mie mika minako misaki mitsuko miyuki miyu nana nanako nao natsuki natsumi noriko reiko rie rika \
     riko risa ryoko saki satomi sayaka setsuko shiori shizuka sumiko tamiko toshiko yasuko yoshiko yukari yukiko \
     minjun seojun jihoon jimin jiwoo hyunwoo minho sungho youngho donghyun jaehyun junho kyungsoo sangwoo taehyung woojin \
     seoyeon jiyoung eunji hyejin soojin minji yuna jisoo haeun sooyoung eunjung mihee kyunghee nguyen tuan hung dung minh \
     quang thanh cuong hoang linh huong thuy lan mai hoa ngoc phuong trang thao nhung bao khanh tien somchai somsak \
     siriporn supaporn malee ari budi agus dewi siti putri wati slamet sri rina eko joko bambang hendra indra yanti ayu \
     maricel jomar rodel jhun marites aileen rowena analyn rizal bayani ligaya amihan siew mei kah wai chee hui ling",
    // Africa
    "kwame kofi kwasi kojo yaw kwaku ama akua abena efua adwoa esi chinedu chukwuemeka emeka ikechukwu obinna nnamdi uche ifeanyi \
     chidi ngozi chioma amaka adaeze nneka ifeoma chiamaka oluwaseun olumide babatunde adebayo ayodele tunde segun femi kunle \
     folake funmilayo yetunde titilayo bukola temitope aminu musa sani ibrahim abubakar hauwa zainab halima juma baraka \
     hamisi rashidi neema zawadi amani imani wanjiku njeri wambui kamau mwangi njoroge otieno ochieng akinyi atieno achieng \
     kipchoge cheruiyot jepkosgei tendai tapiwa farai tatenda chipo rudo themba sipho thabo bongani mandla nkosinathi lungile \
     nomvula nomsa zanele thandiwe lerato palesa tshepo kagiso mpho dineo karabo abebe tesfaye girma haile kebede bekele \
     tigist hiwot selam mulugeta alemayehu dawit yohannes mamadou moussa ousmane ibrahima amadou seydou abdoulaye cheikh \
     modou aminata fatoumata mariama awa ndeye coumba aissatou adama boubacar sekou",
];
